import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type ExploreContext, explore as search } from '@skein/cloud/explore';
import { explore } from '@skein/cloud/vitest';
import { expect, it } from 'vitest';

const app = fileURLToPath(new URL('races', import.meta.url));

/** Publishes that an order was placed and that it was shipped, at once. */
async function publish({ app, cloud }: ExploreContext, topic: string): Promise<void> {
  const sns = cloud.client(SNSClient);
  const send = (type: string) =>
    sns.send(
      new PublishCommand({
        TopicArn: app.outputs[`${topic}Arn`],
        Message: JSON.stringify({ id: type, order: { id: '7', cents: 900 }, type }),
        MessageAttributes: { type: { DataType: 'String', StringValue: type } },
      }),
    );
  await Promise.all([send('placed'), send('shipped')]);
  await cloud.settle({ advance: true });
}

/** What a subscriber has heard. */
async function heardBy({ app, cloud }: ExploreContext, subscriber: string): Promise<string[]> {
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const { Items = [] } = await database.send(new ScanCommand({ TableName: app.find(`${subscriber}Table`).physicalId }));
  return Items.map(({ type }) => type as string).toSorted(); // as it was published
}

explore(
  'each subscriber keeps what it wants to hear once, whatever comes twice and whoever dies',
  {
    app,
    schedules: 200,
    faults: {
      duplicate: { rate: 0.2, times: 1, of: ['News/Topic', 'MailHear', 'ArchiveHear'] },
      kill: { rate: 0.02, times: 1, of: ['MailHear', 'ArchiveHear'] },
    },
  },
  async (context) => {
    await publish(context, 'News');
    expect(await heardBy(context, 'Mail')).toEqual(['placed']);
    expect(await heardBy(context, 'Archive')).toEqual(['placed', 'shipped']);
  },
);

it('news is kept twice by a subscriber that does not know it again', { timeout: 120_000 }, async () => {
  const options = {
    app,
    schedules: 200,
    faults: { duplicate: { rate: 0.2, times: 1, of: 'OtherNews/Topic' } },
    failures: false,
    replay: '',
  } as const;
  const found = search('once', options, async (context) => {
    await publish(context, 'OtherNews');
    expect(await heardBy(context, 'Forgetful')).toEqual(['placed', 'shipped']);
  });
  await expect(found).rejects.toThrow(/oldest first, except that .*twice/);
});
