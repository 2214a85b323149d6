/** What the console API under `/_skein/api` answers: JSON of these shapes. Times are ms since 1970 in the cloud's time. */

/** `GET about` */
export interface About {
  readonly version: string;
  readonly account: string;
  readonly region: string;
  /** The AWS endpoint. */
  readonly endpoint: string;
  readonly clock: 'real' | 'virtual';
  /** The cloud's time now. */
  readonly now: number;
  /** The folder of the state; null when it is in memory. */
  readonly folder: string | null;
  /** The version of the Node that everything runs on. */
  readonly node: string;
}

/** An element of `GET stacks`. */
export interface StackSummary {
  readonly name: string;
  readonly id: string;
  /** CloudFormation's word: `CREATE_COMPLETE`. */
  readonly status: string;
  /** Why it has that status, where CloudFormation says so. */
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

/** An element of `GET stacks/{name}/resources`. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly status: string;
  readonly reason: string | null;
  /** Of a function: the log group that it writes to. */
  readonly logGroup: string | null;
}

/** One step of an event from one service to another. */
export interface HopRecord {
  readonly id: number;
  /** The id of the hop that caused it; 0: an outside request, a schedule, a test's call. */
  readonly cause: number;
  readonly at: number;
  /** ms of the machine's time; null while it runs. */
  readonly duration: number | null;
  readonly service: string;
  readonly operation: string;
  readonly principal: string;
  readonly resource: string;
  readonly target: string | null;
  /** `ok`, an AWS error code, `denied`, …; null while it runs. */
  readonly outcome: string | null;
  readonly bytes: number;
  readonly note: string | null;
}

/** `GET hops?before={id}&limit={n}`: newest first. */
export interface HopPage {
  readonly hops: readonly HopRecord[];
  /** Give it as `before` to go on; null at the oldest that is kept. */
  readonly next: number | null;
}

/** `GET hops/{id}/tree`: the hop that began it all, and what followed from it. */
export interface HopTree {
  readonly hop: HopRecord;
  readonly caused: readonly HopTree[];
}

/** An element of `GET logs`. */
export interface LogGroup {
  readonly name: string;
  readonly createdAt: number | null;
}

/** A line of `GET logs/events?group={name}`, oldest first. */
export interface LogEvent {
  readonly id: string;
  readonly stream: string;
  readonly at: number;
  readonly message: string;
}

/** `GET queues/messages?queue={name or URL}&limit={n}`: what lies in a queue. Nothing is received by it. */
export interface QueueContent {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** In the order in which they came. */
  readonly messages: readonly QueuedMessage[];
}

/** A message that lies in a queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly state: 'visible' | 'delayed' | 'inFlight';
  /** When it may be received (again). */
  readonly visibleAt: number;
  readonly sentAt: number;
  /** How often it was received. */
  readonly receives: number;
  /** Of a FIFO queue. */
  readonly group: string | null;
  /** Binary values in base64. */
  readonly attributes: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  /** The ARN of the queue that it comes from, in a dead-letter queue. */
  readonly source: string | null;
}

/** An element of `GET outbox?after={id}&limit={n}`: an e-mail or a text message that AWS would have sent. Oldest first. */
export interface OutboxMessage {
  readonly id: number;
  readonly at: number;
  readonly protocol: 'email' | 'email-json' | 'sms';
  /** An address or a number. */
  readonly to: string;
  readonly subject: string | null;
  readonly body: string;
  /** The ARN of the topic; null when a number was published to. */
  readonly topic: string | null;
}

/** The answer to a request that cannot be answered. */
export interface ApiError {
  readonly message: string;
}

/** The events of the stream `GET events`, by name: each one's data is JSON of this shape. */
export interface ConsoleEvents {
  /** Hops that have ended since the last event of this name, in the order of their end. `missed`: more ended than a page can show. */
  readonly hops: { readonly hops: readonly HopRecord[]; readonly missed: number };
  /** The stacks, when they have changed; and once at the beginning. */
  readonly stacks: readonly StackSummary[];
  /** With `?group={name}`: new lines of that log group; first the latest that it has. */
  readonly logs: readonly LogEvent[];
}
