import { hash } from 'node:crypto';
import { partitionOf, type Scope } from '../../../kernel/names.ts';
import { DOCUMENTS } from './documents.ts';

/** A policy of AWS. */
export interface AwsManagedPolicy {
  readonly arn: string;
  /** Its unique id: the same in every account. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  /** Undefined: Skein knows it by its name only, and cannot say what it allows. */
  readonly document: string | undefined;
}

/** The policy of AWS that an ARN names: any name is taken for one, but only some documents are known. */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const [, partition, whole = ''] = /^arn:([^:]+):iam::aws:policy\/(.+)$/.exec(arn) ?? [];
  if (partition === undefined) return undefined;
  const slash = whole.lastIndexOf('/');
  const name = whole.slice(slash + 1);
  const statements = DOCUMENTS[name];
  const document =
    statements === undefined ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return {
    arn,
    id: `ANPA${hash('sha256', name, 'hex').slice(0, 17).toUpperCase()}`,
    name,
    path: slash === -1 ? '/' : `/${whole.slice(0, slash)}/`,
    document: partition === 'aws' ? document : document?.replaceAll('"arn:aws:', `"arn:${partition}:`),
  };
}

/** What answers and notices say of a policy that is known by its name only. */
export const knownByNameOnly = (name: string): string =>
  `Skein knows the AWS managed policy ${name} by its name only: what it allows is not known here.`;

/** Where AWS keeps its policies that are not at the root. */
const PATHS: Readonly<Record<string, string>> = {
  AWSLambdaBasicExecutionRole: 'service-role/',
  AWSLambdaBasicDurableExecutionRolePolicy: 'service-role/',
  AWSLambdaVPCAccessExecutionRole: 'service-role/',
  AWSLambdaENIManagementAccess: 'service-role/',
  AWSLambdaSQSQueueExecutionRole: 'service-role/',
  AWSLambdaDynamoDBExecutionRole: 'service-role/',
  AWSLambdaKinesisExecutionRole: 'service-role/',
  AWSLambdaMSKExecutionRole: 'service-role/',
  AWSLambdaRole: 'service-role/',
  AmazonAPIGatewayPushToCloudWatchLogs: 'service-role/',
  AWSAppSyncPushToCloudWatchLogs: 'service-role/',
  AmazonECSTaskExecutionRolePolicy: 'service-role/',
};

/** The ARNs of the policies of AWS whose documents are known, in the order of their names. */
export const awsManagedPolicyArns = ({ region }: Pick<Scope, 'region'>): string[] =>
  Object.keys(DOCUMENTS)
    .sort()
    .map((name) => `arn:${partitionOf(region)}:iam::aws:policy/${PATHS[name] ?? ''}${name}`);
