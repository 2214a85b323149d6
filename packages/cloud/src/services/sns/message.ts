/** A message attribute as notifications show it: binary values in base64. */
export interface Attribute {
  readonly Type: string;
  readonly Value: string;
}

/** What was published, or what asks for a confirmation. */
export interface Content {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly subject?: string | undefined;
  /** For protocols that have none of their own. */
  readonly body: string;
  /** By protocol, when it was published with `MessageStructure: json`. */
  readonly bodies?: Readonly<Record<string, string>> | undefined;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** Of a FIFO topic. */
  readonly sequence?: string | undefined;
  /** What confirms a subscription. */
  readonly token?: string | undefined;
}

/** A message on its way. */
export interface Message {
  readonly topic: string;
  readonly messageId: string;
  readonly content: Content;
  /** ms */
  readonly publishedAt: number;
  /** The id of the hop that published it. */
  readonly cause: number;
}

/** What a protocol is told. */
export const bodyFor = ({ body, bodies }: Content, protocol: string): string => bodies?.[protocol] ?? body;
