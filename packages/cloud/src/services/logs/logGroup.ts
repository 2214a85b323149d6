import { arn, type Scope } from '../../kernel/names.ts';

/** What a group's events may be used for. */
export const LOG_GROUP_CLASSES = ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] as const;

export type LogGroupClass = (typeof LOG_GROUP_CLASSES)[number];

/** A log group. */
export interface LogGroup {
  readonly id: number;
  readonly account: string;
  readonly region: string;
  readonly name: string;
  /** ms since 1970 */
  readonly createdAt: number;
  /** Undefined: its events never expire. */
  readonly retentionDays: number | undefined;
  readonly logGroupClass: LogGroupClass;
  readonly kmsKeyId: string | undefined;
  readonly deletionProtection: boolean;
  /** Of its events: UTF-8 bytes and 26 for each. */
  readonly storedBytes: number;
}

/** A log stream: a sequence of events of one source. */
export interface LogStream {
  readonly id: number;
  readonly groupId: number;
  readonly name: string;
  /** ms since 1970, as all times of a stream */
  readonly createdAt: number;
  readonly firstEventAt: number | undefined;
  readonly lastEventAt: number | undefined;
  readonly lastIngestedAt: number | undefined;
  /** How often events were put: what the upload sequence token counts. */
  readonly batches: number;
  /** As its group's. AWS itself always answers 0 for a stream. */
  readonly storedBytes: number;
}

/** One log event: a line, in most logs. */
export interface LogEvent {
  /** ms since 1970: when it happened, as its source says. */
  readonly at: number;
  /** Rises with each event that its group takes. */
  readonly sequence: number;
  /** ms since 1970: when it arrived. */
  readonly ingestedAt: number;
  readonly message: string;
}

/** What an event counts beside its UTF-8 bytes. */
export const EVENT_OVERHEAD: number = 26;

const DAY = 86_400_000;

/** The instant (ms) before which events of a group have expired. */
export const expiryOf = ({ retentionDays }: Pick<LogGroup, 'retentionDays'>, now: number): number =>
  retentionDays === undefined ? 0 : now - retentionDays * DAY;

/** The ARN of a log group, without the `:*` that IAM policies and CloudFormation put behind it. */
export const groupArn = (name: string, scope: Scope): string => arn('logs', scope, `log-group:${name}`);

/** The ARN of a log stream; with an empty name, what a call on its whole group needs permission for. */
export const streamArn = (group: string, stream: string, scope: Scope): string =>
  arn('logs', scope, `log-group:${group}:log-stream:${stream}`);

/** The name of a log group that is given as a name or as an ARN, with or without `:*`. */
export const groupNameOf = (identifier: string): string =>
  /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(identifier)?.[1] ?? identifier;
