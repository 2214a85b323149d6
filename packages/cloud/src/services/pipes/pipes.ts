import { QueuePollers } from '../../kernel/queue-polling/pollers.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { type Pipe, pipeArn } from './pipe.ts';
import { PipeRunner } from './pipeRunner.ts';
import { principalOf } from './role.ts';

/** Runs pipes: those that are to be running. */
export class Pipes {
  readonly #environment: ServiceEnvironment;
  readonly #queues: QueuePollers;

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
    this.#queues = new QueuePollers(environment);
  }

  /** Begins, goes on otherwise, or rests: as the pipe says now. */
  apply(pipe: Pipe): void {
    const { account, region, name, source, sourceParameters } = pipe;
    const { BatchSize = 10, MaximumBatchingWindowInSeconds = 0 } = sourceParameters.SqsQueueParameters ?? {};
    this.#queues.apply(
      {
        ...{ account, region, name },
        arn: pipeArn(pipe, name),
        queueArn: source,
        principal: principalOf(pipe),
        enabled: pipe.desiredState === 'RUNNING',
        batchSize: BatchSize,
        windowSeconds: MaximumBatchingWindowInSeconds,
        maximumConcurrency: undefined,
        filters: (sourceParameters.FilterCriteria?.Filters ?? []).map(({ Pattern = '' }) => Pattern),
      },
      new PipeRunner(pipe, this.#environment),
    );
  }

  /** The pipe is gone. */
  end(pipe: Pipe): void {
    this.#queues.end(pipeArn(pipe, pipe.name));
  }

  stop(): void {
    this.#queues.stop();
  }
}
