import type {
  EventSourceMappingConfiguration,
  EventSourceMappingLoggingConfig,
  EventSourceMappingMetricsConfig,
  FunctionResponseType,
  ProvisionedPollerConfig,
} from '@aws-sdk/client-lambda';
import { arn, type Scope } from '../../../kernel/names.ts';

/** A queue whose messages a function is run with. */
export interface EventSourceMapping extends Scope {
  readonly uuid: string;
  readonly queueArn: string;
  /** The function's name, without what stands before and behind it in an ARN. */
  readonly name: string;
  /** As it was given: an alias, a number, `$LATEST`. */
  readonly qualifier: string | undefined;
  /** The ARN of the function, with the qualifier. */
  readonly functionArn: string;
  readonly enabled: boolean;
  /** Most messages of a batch. */
  readonly batchSize: number;
  /** How long a batch is gathered, in seconds. */
  readonly windowSeconds: number;
  /** Most batches that run at once. @default - the poller's own scaling */
  readonly maximumConcurrency: number | undefined;
  /** Patterns of the language of events, of which a message must match one; none: all match. */
  readonly filters: readonly string[];
  readonly responseTypes: readonly FunctionResponseType[];
  readonly tags: Readonly<Record<string, string>>;
  /** What is only kept and shown. */
  readonly kept: Kept;
  /** ms since 1970 */
  readonly modifiedAt: number;
}

/** Settings without an effect here: there are no keys, no metrics and no poller logs of mappings on one machine. */
export interface Kept {
  readonly KMSKeyArn?: string | undefined;
  readonly MetricsConfig?: EventSourceMappingMetricsConfig | undefined;
  readonly LoggingConfig?: EventSourceMappingLoggingConfig | undefined;
  readonly ProvisionedPollerConfig?: ProvisionedPollerConfig | undefined;
}

/** What a mapping is in, or on its way to: here it has arrived when the answer has. */
export type MappingState = 'Creating' | 'Enabling' | 'Enabled' | 'Disabling' | 'Disabled' | 'Updating' | 'Deleting';

/** `arn:aws:lambda:<region>:<account>:event-source-mapping:<uuid>` */
export const mappingArn = (scope: Scope, uuid: string): string => arn('lambda', scope, `event-source-mapping:${uuid}`);

/** A mapping as AWS describes it. @param state - @default - where it rests */
export const describeMapping = (
  mapping: EventSourceMapping,
  state: MappingState = mapping.enabled ? 'Enabled' : 'Disabled',
): EventSourceMappingConfiguration => ({
  UUID: mapping.uuid,
  BatchSize: mapping.batchSize,
  MaximumBatchingWindowInSeconds: mapping.windowSeconds,
  EventSourceArn: mapping.queueArn,
  EventSourceMappingArn: mappingArn(mapping, mapping.uuid),
  FunctionArn: mapping.functionArn,
  FunctionResponseTypes: [...mapping.responseTypes],
  ...(mapping.filters.length === 0
    ? {}
    : { FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) } }),
  ...(mapping.maximumConcurrency === undefined
    ? {}
    : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } }),
  ...mapping.kept,
  LastModified: new Date(mapping.modifiedAt),
  State: state,
  StateTransitionReason: 'USER_INITIATED',
});
