/** What the page reads of the console API (documented with the cloud; a check holds both together). Times are ms in the cloud's time. */

export interface About {
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly clock: 'real' | 'virtual';
  readonly now: number;
  readonly folder: string | null;
  readonly node: string;
}

export interface StackSummary {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly description: string | null;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly value: string;
    readonly description: string | null;
    readonly exportName: string | null;
  }[];
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  readonly logGroup: string | null;
}

export interface HopRecord {
  readonly id: number;
  readonly cause: number;
  readonly at: number;
  readonly duration: number | null;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resource: string;
  readonly target: string | null;
  readonly outcome: string | null;
  readonly bytes: number;
  readonly note: string | null;
}

export interface HopPage {
  readonly hops: readonly HopRecord[];
  readonly next: number | null;
}

export interface HopTree {
  readonly hop: HopRecord;
  readonly caused: readonly HopTree[];
}

export interface LogGroup {
  readonly name: string;
  readonly createdAt: number | null;
}

export interface LogEvent {
  readonly id: string;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

export interface OutboxMessage {
  readonly id: number;
  readonly at: number;
  readonly protocol: 'email' | 'email-json' | 'sms';
  readonly to: string;
  readonly subject: string | null;
  readonly body: string;
  readonly topic: string | null;
}

export interface ConsoleEvents {
  readonly hops: { readonly hops: readonly HopRecord[]; readonly missed: number };
  readonly stacks: readonly StackSummary[];
  readonly logs: readonly LogEvent[];
}
