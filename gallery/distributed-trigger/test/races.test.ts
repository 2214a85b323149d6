import { fileURLToPath } from 'node:url';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type ExploreContext, explore as search } from '@skein/cloud/explore';
import { explore } from '@skein/cloud/vitest';
import { expect, it } from 'vitest';

const app = fileURLToPath(new URL('races', import.meta.url));

/** Starts the trigger with an upload, as an event source does. */
async function upload({ app, cloud }: ExploreContext, service: string): Promise<void> {
  await cloud.client(LambdaClient).send(
    new InvokeCommand({
      FunctionName: app.outputs[`${service}TriggerName`],
      InvocationType: 'Event',
      Payload: JSON.stringify({ id: 'u-1', detail: { file: 'cat.png' } }),
    }),
  );
  await cloud.settle({ advance: true });
}

/** The files that a part has worked on. */
async function doneBy({ app, cloud }: ExploreContext, part: string): Promise<string[]> {
  const database = DynamoDBDocumentClient.from(cloud.client(DynamoDBClient));
  const { Items = [] } = await database.send(new ScanCommand({ TableName: app.find(`${part}-table`).physicalId }));
  return Items.map(({ file }) => file as string); // as work.ts writes it
}

explore(
  'each part works on each upload once, whatever comes twice and whoever dies',
  {
    app,
    schedules: 200,
    faults: {
      duplicate: { rate: 0.2, times: 1, of: ['UploadsTrigger', 'Uploads/thumbnailsQueue', 'Uploads/searchQueue'] },
      kill: { rate: 0.02, times: 1, of: ['UploadsTrigger', 'Uploads-thumbnails', 'Uploads-search'] },
    },
  },
  async (context) => {
    await upload(context, 'Uploads');
    for (const part of ['thumbnails', 'search']) {
      expect([part, await doneBy(context, `Uploads-${part}`)]).toEqual([part, ['cat.png']]);
    }
  },
);

it('an upload is worked on twice by a part that does not know it again', { timeout: 120_000 }, async () => {
  const options = {
    app,
    schedules: 200,
    faults: { duplicate: { rate: 0.2, times: 1, of: 'ForgetfulUploads/thumbnailsQueue' } },
    failures: false,
    replay: '',
  } as const;
  const found = search('once', options, async (context) => {
    await upload(context, 'ForgetfulUploads');
    expect(await doneBy(context, 'ForgetfulUploads-thumbnails')).toEqual(['cat.png']);
  });
  await expect(found).rejects.toThrow(/oldest first, except that .*twice/);
});
