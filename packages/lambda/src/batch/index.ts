export type { BatchHandler, RecordHandler } from './batch.ts';
export { batch } from './batch.ts';
export { BatchEventError, InvalidRecordError } from './errors.ts';
export type {
  BatchEvent,
  BatchItemFailure,
  BatchResponse,
  LambdaContext,
  RawDynamoDbRecord,
  RawKinesisRecord,
  RawMessageAttribute,
  RawSqsRecord,
} from './event.ts';
export type { BatchLogger, DynamoDbBatchOptions, KinesisBatchOptions, SqsBatchOptions } from './options.ts';
export type { DynamoDbRecord, KinesisRecord, SqsRecord } from './record.ts';
