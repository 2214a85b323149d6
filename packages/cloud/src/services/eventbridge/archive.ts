import type { ReplayDestination, ReplayState } from '@aws-sdk/client-eventbridge';
import { arn, type Scope } from '../../kernel/names.ts';

/** What keeps the events of a bus that match a pattern. */
export interface Archive {
  readonly name: string;
  /** The bus. */
  readonly eventSourceArn: string;
  readonly description: string | undefined;
  readonly eventPattern: string | undefined;
  /** 0: for ever. */
  readonly retentionDays: number;
  readonly createdAt: number;
}

/** The events of an archive, sent once more. */
export interface Replay {
  readonly name: string;
  readonly description: string | undefined;
  /** The archive. */
  readonly eventSourceArn: string;
  readonly destination: ReplayDestination;
  readonly eventStart: number;
  readonly eventEnd: number;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly lastReplayed: number | undefined;
  /** The last event that was sent. */
  readonly position: { readonly id: number; readonly at: number } | undefined;
  readonly state: ReplayState;
}

export const archiveArn = (scope: Scope, name: string): string => arn('events', scope, `archive/${name}`);
export const replayArn = (scope: Scope, name: string): string => arn('events', scope, `replay/${name}`);
