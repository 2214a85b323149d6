import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import { task } from '../../functions/task.ts';

const table = variable(TABLE_NAME);
const database = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** For placed orders, without the guard: it reserves each time that it runs. */
export const handler = task(async ({ id, order }) => {
  await database.send(
    new UpdateCommand({
      TableName: table,
      Key: { id: order },
      UpdateExpression: 'SET reserved = list_append(if_not_exists(reserved, :none), :event)',
      ExpressionAttributeValues: { ':none': [], ':event': [id] },
    }),
  );
});
