import { type Command, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';
import { readJson } from '../running/readJson.ts';
import { AwsRefusal, ENDPOINT, findCloud, type RunningCloud } from '../running/runningCloud.ts';

/** `skein event put`. */
export const eventPut: Command = defineCommand({
  name: 'event put',
  describe: 'Put an event on an event bus',
  options: {
    source: { type: 'string', value: 'name', describe: 'who sends it: shop.orders' },
    type: { type: 'string', value: 'name', describe: 'its detail-type: OrderPlaced' },
    detail: { type: 'string', value: 'json', describe: 'what it says, a JSON object', default: '{}' },
    bus: { type: 'string', value: 'name', describe: 'name or ARN of the bus', default: 'default' },
    endpoint: ENDPOINT,
  },
  examples: [`skein event put --source shop.orders --type OrderPlaced --detail '{"id":1}'`],
  async run({ source, type, detail, bus, endpoint }, { emit, environment }) {
    if (source === undefined) throw new CommandError('--source is missing: who sends the event', { exitCode: 2 });
    if (type === undefined) throw new CommandError("--type is missing: the event's detail-type", { exitCode: 2 });
    const value = readJson(detail, '--detail');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new CommandError(`--detail must be a JSON object, not ${detail}`, { exitCode: 2 });
    }
    const cloud = await findCloud({ endpoint, environment });
    await checkBus(bus, cloud);
    const { Entries } = await cloud.call('AWSEvents.PutEvents', {
      Entries: [{ Source: source, DetailType: type, Detail: detail, EventBusName: bus }],
    });
    const [entry] = Entries as readonly [Entry]; // one was asked for
    if (entry.ErrorCode !== undefined) {
      throw new CommandError(`the event is refused: ${entry.ErrorMessage} (${entry.ErrorCode})`);
    }
    emit({
      code: 'EVENT_PUT',
      kind: 'success',
      message: `Put ${entry.EventId} on ${bus}`,
      data: { eventId: entry.EventId, bus },
    });
  },
});

interface Entry {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** AWS takes events for buses that are not there, and loses them. @throws {CommandError} */
async function checkBus(bus: string, cloud: RunningCloud): Promise<void> {
  try {
    await cloud.call('AWSEvents.DescribeEventBus', { Name: bus });
  } catch (error) {
    if (!(error instanceof AwsRefusal)) throw error;
    if (error.code !== 'ResourceNotFoundException') throw new CommandError(error.message, { cause: error });
    const { EventBuses } = await cloud.call('AWSEvents.ListEventBuses', {});
    const names = (EventBuses as readonly { readonly Name: string }[]).map(({ Name }) => Name); // of the operation's output
    throw new CommandError(`there is no event bus '${bus}': there are ${names.join(', ')}`, { cause: error });
  }
}
