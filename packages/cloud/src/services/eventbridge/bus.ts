import type { DeadLetterConfig, LogConfig } from '@aws-sdk/client-eventbridge';
import { arn, parseArn, type Scope } from '../../kernel/names.ts';

export const DEFAULT_BUS = 'default';

/** One statement of a bus's resource policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** An event bus. */
export interface Bus {
  readonly name: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly statements: readonly Statement[];
  readonly kmsKeyIdentifier: string | undefined;
  readonly deadLetterConfig: DeadLetterConfig | undefined;
  readonly logConfig: LogConfig | undefined;
}

export const busArn = (scope: Scope, name: string): string => arn('events', scope, `event-bus/${name}`);

/** Which bus an input means: by name, or by an ARN that may be another account's or region's. */
export function busOf(nameOrArn: string | undefined, { account, region }: Scope): Scope & { readonly bus: string } {
  const parsed = nameOrArn === undefined ? undefined : parseArn(nameOrArn);
  if (parsed === undefined) return { account, region, bus: nameOrArn ?? DEFAULT_BUS };
  return { account: parsed.account, region: parsed.region, bus: parsed.resource.replace(/^event-bus\//, '') };
}
