import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Cloud, type CloudOptions, startCloud } from '../../cloud.ts';
import type { App } from '../../deploy/app.ts';
import type { Hop } from '../../kernel/trace.ts';
import type { RunRecord, Strategy } from '../record.ts';

/** A function of a test. */
export interface TestFunction {
  readonly code: string;
  readonly runtime?: string;
  readonly timeoutSeconds?: number;
}

/** Everything of a run that must be the same the next time. */
export interface Run {
  readonly record: RunRecord;
  readonly hops: readonly Omit<Hop, 'duration'>[];
  readonly answers: readonly (readonly [functionError: string | undefined, payload: string | undefined])[];
}

export interface RunChoices {
  /** Invocations at once. @default 2 */
  readonly times?: number;
  readonly strategy?: Strategy;
  readonly event?: object;
}

/** An app of functions and a table in a seeded cloud. */
export class SeededApp implements AsyncDisposable {
  readonly cloud: Cloud;
  readonly app: App;
  readonly #folder: string;

  private constructor(cloud: Cloud, app: App, folder: string) {
    this.cloud = cloud;
    this.app = app;
    this.#folder = folder;
  }

  /** @param functions - by logical id */
  static async start(
    functions: Readonly<Record<string, TestFunction>>,
    more: object = {},
    options: CloudOptions = { schedule: 'seeded' },
  ): Promise<SeededApp> {
    const folder = mkdtempSync(join(tmpdir(), 'skein-seeded-'));
    const template = join(folder, 'seeded.json');
    writeFileSync(template, JSON.stringify(seededTemplate(functions, more)));
    const cloud = await startCloud({ clock: 'virtual', seed: 1, now: new Date(0), ...options });
    try {
      return new SeededApp(cloud, await cloud.deploy(template), folder);
    } catch (error) {
      await cloud.stop();
      throw error;
    }
  }

  /** Invokes a function several times at once, from the start. */
  async run(name: string, seed: number, options: RunChoices = {}): Promise<Run> {
    const { times = 2, strategy, event = {} } = options;
    const { cloud } = this;
    await cloud.reset({ seed, strategy });
    const answers = await this.invoke(name, times, event);
    return { record: cloud.run.record, hops: hopsOf(cloud), answers };
  }

  /** Invokes a function several times at once. */
  async invoke(name: string, times = 1, event: object = {}): Promise<Run['answers']> {
    const { cloud, app } = this;
    const lambda = cloud.client(LambdaClient);
    const invoke = new InvokeCommand({ FunctionName: app.resource(name), Payload: JSON.stringify(event) });
    const answers = await Promise.all(Array.from({ length: times }, () => lambda.send(invoke)));
    await cloud.settle();
    lambda.destroy();
    return answers.map(({ FunctionError, Payload }) => [FunctionError, Payload?.transformToString()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cloud.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A template of functions, a table whose name they find in `TABLE`, and a role that may do anything. @param functions - by logical id */
export const seededTemplate = (functions: Readonly<Record<string, TestFunction>>, more: object = {}): object => ({
  Resources: { ...BASE, ...resourcesOf(functions), ...more },
});

/** The hops of a run, numbered from 1, without what is the machine's. */
export function hopsOf({ trace }: Cloud): Omit<Hop, 'duration'>[] {
  const hops = trace.all();
  const before = (hops[0]?.id ?? 1) - 1;
  return hops.map(({ duration: _, ...hop }) => ({
    ...hop,
    id: hop.id - before,
    cause: Math.max(0, hop.cause - before),
  }));
}

const BASE = {
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        { PolicyName: 'work', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      ],
    },
  },
};

const resourcesOf = (functions: Readonly<Record<string, TestFunction>>): object =>
  Object.fromEntries(
    Object.entries(functions).map(([id, { code, runtime = 'nodejs24.x', timeoutSeconds = 10 }]) => [
      id,
      {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: runtime,
          Handler: 'index.handler',
          Code: { ZipFile: code },
          Timeout: timeoutSeconds,
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { TABLE: { Ref: 'Table' } } },
        },
      },
    ]),
  );
