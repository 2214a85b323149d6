/** Lambda's context: batches need the time that is left, record handlers may want the rest. */
export interface LambdaContext {
  /** Milliseconds until Lambda ends the invocation. */
  getRemainingTimeInMillis(): number;
  readonly awsRequestId?: string;
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly invokedFunctionArn?: string;
  readonly memoryLimitInMB?: string;
  readonly logGroupName?: string;
  readonly logStreamName?: string;
}

/** An event of an event source mapping: SQS, Kinesis or DynamoDB Streams. */
export interface BatchEvent {
  readonly Records: readonly object[];
}

/** What a handler answers: the records that are to come again. The mapping heeds it with `ReportBatchItemFailures` only. */
export interface BatchResponse {
  readonly batchItemFailures: BatchItemFailure[];
}

/** A record that is to come again: a message id of SQS, or the sequence number of a stream. */
export interface BatchItemFailure {
  readonly itemIdentifier: string;
}

/** A message as Lambda hands it over. */
export interface RawSqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string | undefined>>;
  readonly messageAttributes: Readonly<Record<string, RawMessageAttribute>>;
  readonly eventSource: string;
  readonly eventSourceARN: string;
}

/** A message attribute as Lambda hands it over. */
export interface RawMessageAttribute {
  readonly dataType: string;
  readonly stringValue?: string;
  /** Base64. */
  readonly binaryValue?: string;
}

/** A record of a Kinesis stream as Lambda hands it over. */
export interface RawKinesisRecord {
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly eventID: string;
  readonly kinesis: {
    /** Base64. */
    readonly data: string;
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Seconds since 1970. */
    readonly approximateArrivalTimestamp: number;
  };
}

/** A change of a DynamoDB table as Lambda hands it over. */
export interface RawDynamoDbRecord {
  readonly eventSource: string;
  readonly eventSourceARN: string;
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly dynamodb: {
    readonly Keys: Readonly<Record<string, object>>;
    readonly NewImage?: Readonly<Record<string, object>>;
    readonly OldImage?: Readonly<Record<string, object>>;
    readonly SequenceNumber: string;
    /** Seconds since 1970. */
    readonly ApproximateCreationDateTime?: number;
  };
  /** There when DynamoDB deleted an item whose time to live was over. */
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}
