export { correlationId } from './correlation.ts';
export type { LogFunction, StandardLevel } from './levels.ts';
export { LEVELS } from './levels.ts';
export type { CreateLoggerOptions, Logger } from './logger.ts';
export { createLogger } from './logger.ts';
export type { CreateMetricsOptions, Metrics, MetricUnit } from './metrics.ts';
export { createMetrics } from './metrics.ts';
export type { SamplingRate } from './options.ts';
export { Sampler } from './sampling.ts';
