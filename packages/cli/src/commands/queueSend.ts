import { type Command, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';
import { orRefused, queueOf } from '../running/queueOf.ts';
import { readJson } from '../running/readJson.ts';
import { ENDPOINT, findCloud } from '../running/runningCloud.ts';

/** `skein queue send`. */
export const queueSend: Command = defineCommand({
  name: 'queue send',
  describe: 'Send a message to a queue',
  argument: { name: 'queue', describe: 'name, URL or ARN of the queue' },
  options: {
    body: { type: 'string', value: 'text', describe: 'what the message says' },
    checkJson: { type: 'boolean', describe: 'refuse a body that is no JSON' },
    attributes: { type: 'pairs', value: 'name=value', describe: 'a message attribute, a text; repeatable' },
    delay: { type: 'number', value: 'seconds', describe: 'how long it is delayed' },
    group: { type: 'string', value: 'id', describe: 'message group of a FIFO queue' },
    deduplication: { type: 'string', value: 'id', describe: 'deduplication id of a FIFO queue' },
    endpoint: ENDPOINT,
  },
  examples: [
    `skein queue send orders --body '{"id":1}'`,
    'skein queue send orders.fifo --body hello --group customer-7 --deduplication 1',
  ],
  async run(values, { emit, environment }) {
    const { body, attributes, delay, group, deduplication, endpoint } = values;
    if (body === undefined) throw new CommandError('--body is missing: what the message says', { exitCode: 2 });
    if (values.checkJson) readJson(body, '--body');
    const cloud = await findCloud({ endpoint, environment });
    const queue = queueOf(values.argument, cloud);
    if (queue.isFifo && group === undefined) {
      throw new CommandError(`${queue.name} is a FIFO queue: name the message's group with --group`, { exitCode: 2 });
    }
    const sent = await orRefused(
      cloud.call('AmazonSQS.SendMessage', {
        QueueUrl: queue.url,
        MessageBody: body,
        DelaySeconds: delay,
        MessageGroupId: group,
        MessageDeduplicationId: deduplication,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
        ),
      }),
      queue,
      cloud,
    );
    emit({
      code: 'SENT',
      kind: 'success',
      message: `Sent ${String(sent['MessageId'])} to ${queue.name}`,
      data: { queue: queue.arn, messageId: sent['MessageId'], sequenceNumber: sent['SequenceNumber'] },
    });
  },
});
