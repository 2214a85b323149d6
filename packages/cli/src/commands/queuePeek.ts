import { type CliEvent, type Command, defineCommand } from '../command.ts';
import { queueOf, unknownQueue } from '../running/queueOf.ts';
import { ENDPOINT, findCloud } from '../running/runningCloud.ts';

/** A message as the cloud shows it. */
interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly state: 'visible' | 'delayed' | 'inFlight';
  readonly visibleAt: number;
  readonly receives: number;
  readonly group: string | null;
  readonly source: string | null;
}

/** `skein queue peek`. */
export const queuePeek: Command = defineCommand({
  name: 'queue peek',
  describe: 'Show the messages of a queue without receiving them: nothing is counted, hidden or deleted',
  argument: { name: 'queue', describe: 'name, URL or ARN of the queue' },
  options: {
    limit: { type: 'number', value: 'number', describe: 'most messages shown, the oldest first', default: 10 },
    endpoint: ENDPOINT,
  },
  examples: ['skein queue peek orders', 'skein queue peek orders-dead --limit 100 --json'],
  async run({ argument, limit, endpoint }, { emit, environment }) {
    const cloud = await findCloud({ endpoint, environment });
    const queue = queueOf(argument, cloud);
    const content = await cloud.read('queues/messages', { queue: queue.url, limit: String(limit) });
    if (content === undefined) throw await unknownQueue(queue, cloud);
    const { messages } = content as { readonly messages: readonly QueuedMessage[] }; // the console API's QueueContent
    for (const message of messages) emit(messageEvent(message));
    const count = `${messages.length} message${messages.length === 1 ? '' : 's'}`;
    const more = messages.length === limit ? ', and perhaps more: see --limit' : '';
    emit({
      code: 'PEEKED',
      kind: 'success',
      message: messages.length === 0 ? `${queue.name} is empty` : `${count} of ${queue.name}${more}`,
      data: { queue: queue.arn, count: messages.length },
    });
  },
});

const STATES: Readonly<Record<QueuedMessage['state'], string>> = {
  visible: 'visible ',
  delayed: 'delayed ',
  inFlight: 'in flight',
};

function messageEvent(message: QueuedMessage): CliEvent {
  const { id, body, state, visibleAt, receives, group, source } = message;
  const details = [
    `received ${receives}x`,
    ...(group === null ? [] : [`group ${group}`]),
    ...(state === 'visible' ? [] : [`until ${new Date(visibleAt).toISOString()}`]),
    ...(source === null ? [] : [`from ${source.split(':').at(-1)}`]),
  ];
  return {
    code: 'MESSAGE',
    message: `${STATES[state]}  ${id}  ${details.join(', ')}\n  ${body}`,
    data: { ...message },
  };
}
