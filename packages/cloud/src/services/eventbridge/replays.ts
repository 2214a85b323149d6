import type { Scope } from '../../kernel/names.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Replay } from './archive.ts';
import { replayArn } from './archive.ts';
import { busOf } from './bus.ts';
import type { Buses } from './buses.ts';
import type { Event } from './event.ts';
import type { EventBridgeStores } from './operation.ts';

/** Events that one wake-up sends. */
const AT_ONCE = 100;

/** Sends the events of archives once more, some at each wake-up. */
export class Replays {
  readonly #environment: ServiceEnvironment;
  readonly #stores: EventBridgeStores;
  readonly #buses: Buses;

  constructor(environment: ServiceEnvironment, stores: EventBridgeStores, buses: Buses) {
    this.#environment = environment;
    this.#stores = stores;
    this.#buses = buses;
  }

  /** @param cause - the id of the hop that asked for it */
  start(scope: Scope, { name }: Replay, cause: number): void {
    const { scheduler } = this.#environment;
    const owner = replayArn(scope, name);
    scheduler.wake(owner, scheduler.now, `the replay ${name}`, cause, () => this.#run(scope, name, cause));
  }

  /** Goes on with the replays that were under way when the cloud ended. */
  resume(): void {
    for (const { scope, noun } of this.#stores.replays.all()) {
      if (noun.state === 'STARTING' || noun.state === 'RUNNING') this.start(scope, noun, 0);
    }
  }

  #run(scope: Scope, name: string, cause: number): void {
    const replay = this.#stores.replays.find(scope, name);
    if (replay === undefined || (replay.state !== 'STARTING' && replay.state !== 'RUNNING')) return;
    const isDone = this.#environment.store.transaction(() => this.#send(scope, replay, cause));
    if (!isDone) this.start(scope, replay, cause);
  }

  /** Sends the next events, and answers whether they were the last. */
  #send(scope: Scope, replay: Replay, cause: number): boolean {
    const { archived, replays } = this.#stores;
    const { destination, eventStart, eventEnd, eventSourceArn } = replay;
    const bus = busOf(destination.Arn, scope);
    const only = destination.FilterArns === undefined ? undefined : new Set(destination.FilterArns);
    const events = archived.between(eventSourceArn, eventStart, eventEnd, replay.position, AT_ONCE);
    for (const { text } of events) this.#buses.put(bus, replayed(text, replay.name), cause, only);
    const isDone = events.length < AT_ONCE;
    const last = events.at(-1);
    replays.put(scope, {
      ...replay,
      state: isDone ? 'COMPLETED' : 'RUNNING',
      position: last === undefined ? replay.position : { id: last.id, at: last.at },
      lastReplayed: last?.at ?? replay.lastReplayed,
      endedAt: isDone ? this.#environment.scheduler.now : undefined,
    });
    return isDone;
  }
}

/** An event with the name of its replay, where AWS puts it. */
function replayed(text: string, name: string): Event {
  const { resources, detail, ...head } = JSON.parse(text) as Record<string, unknown>; // an archive keeps events
  return { ...head, 'replay-name': name, resources, detail };
}
