import { parseArn } from '../../kernel/names.ts';
import type { Random } from '../../kernel/random.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Store } from '../../kernel/store.ts';
import type { DeadLetters } from './deadLetters.ts';
import type { MoveTask, MoveTaskStore } from './moveTaskStore.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

const AT_ONCE = 100;
const STEP_MS = 1000;

/** The parts of SQS that moving messages needs. */
export interface MoveTasksParts {
  readonly scheduler: Scheduler;
  readonly store: Store;
  readonly random: Random;
  readonly queues: Queues;
  readonly letters: DeadLetters;
  readonly tasks: MoveTaskStore;
}

/** Tasks that move the messages of dead-letter queues: some messages in each step, each step a wake-up. */
export class MoveTasks {
  readonly #parts: MoveTasksParts;

  constructor(parts: MoveTasksParts) {
    this.#parts = parts;
  }

  /** Starts a task, whose first step is due at once. */
  start(source: Queue, destination: string | undefined, rate: number | undefined, cause: number): MoveTask {
    const { scheduler, random, queues, tasks } = this.#parts;
    const { total, inFlight, delayed } = queues.count(source);
    const task: MoveTask = {
      id: random.of(`${source.arn}/move`).uuid(),
      source: source.arn,
      destination,
      rate,
      status: 'RUNNING',
      moved: 0,
      toMove: total - inFlight - delayed,
      started: scheduler.now,
      failure: undefined,
    };
    tasks.put(task);
    this.#post(task, scheduler.now, cause);
    return task;
  }

  /** Posts the steps of what runs, after a start. */
  resume(): void {
    for (const task of this.#parts.tasks.running()) this.#post(task, this.#parts.scheduler.now, 0);
  }

  get(id: string): MoveTask | undefined {
    return this.#parts.tasks.get(id);
  }

  /** The latest tasks of a queue. */
  of(source: string, limit: number): MoveTask[] {
    return this.#parts.tasks.of(source, limit);
  }

  cancel(task: MoveTask): void {
    this.#parts.tasks.put({ ...task, status: 'CANCELLED' });
  }

  /** Forgets the tasks of a queue that is deleted. */
  forget({ arn }: Queue): void {
    this.#parts.tasks.forget(arn);
  }

  #post({ id, source }: MoveTask, due: number, cause: number): void {
    const label = `messages of ${source} are moved`;
    this.#parts.scheduler.wake(`sqs/move/${id}`, due, label, cause, () => this.#step(id, cause));
  }

  #step(id: string, cause: number): void {
    const { store, scheduler } = this.#parts;
    const next = store.transaction(() => this.#move(id, cause));
    if (next !== undefined) this.#post(next, next.rate === undefined ? scheduler.now : scheduler.now + STEP_MS, cause);
  }

  /** @returns the task when it goes on */
  #move(id: string, cause: number): MoveTask | undefined {
    const { tasks, queues, letters, random } = this.#parts;
    const task = tasks.get(id);
    const source = task === undefined ? undefined : this.#queueOf(task.source);
    if (task?.status !== 'RUNNING' || source === undefined) return undefined;
    const most = Math.min(task.rate ?? AT_ONCE, task.toMove - task.moved);
    const destinationOf = (sourceArn: string | undefined): Queue | string => {
      const arn = task.destination ?? sourceArn;
      if (arn === undefined) return 'CouldNotDetermineMessageSource';
      return this.#queueOf(arn) ?? 'AWS.SimpleQueueService.NonExistentQueue';
    };
    const newMid = (): string => random.of(source.arn).uuid();
    const { moved, failure } = most > 0 ? letters.redrive(source, most, destinationOf, newMid, cause) : { moved: 0 };
    const isDone = task.moved + moved >= task.toMove || moved < most || queues.count(source).total === 0;
    const after: MoveTask = {
      ...task,
      moved: task.moved + moved,
      status: failure !== undefined ? 'FAILED' : isDone ? 'COMPLETED' : 'RUNNING',
      failure,
    };
    tasks.put(after);
    return after.status === 'RUNNING' ? after : undefined;
  }

  #queueOf(arn: string): Queue | undefined {
    const parsed = parseArn(arn);
    return parsed === undefined ? undefined : this.#parts.queues.findByArn(parsed);
  }
}
