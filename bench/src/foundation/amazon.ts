/** The headers that the SDK sends with a request to DynamoDB. Nobody checks the signature: neither peer does by default. */
export const dynamodbHeaders = (operation: string): Record<string, string> => ({
  'x-amz-target': `DynamoDB_20120810.${operation}`,
  'content-type': 'application/x-amz-json-1.0',
  'user-agent': 'aws-sdk-js/3.1164.0 ua/2.1 os/linux#6.1 lang/js md/nodejs#24.21.0 api/dynamodb#3.1164.0 m/E,e',
  'x-amz-user-agent': 'aws-sdk-js/3.1164.0',
  'amz-sdk-invocation-id': '7f3c1c3e-6f0a-4a3e-9a51-5a0c6d0d6b7e',
  'amz-sdk-request': 'attempt=1; max=3',
  'x-amz-date': '20261124T000000Z',
  'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/dynamodb/aws4_request, SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent, Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  connection: 'keep-alive',
});

/** Calls an operation of DynamoDB without a client. @throws {Error} when it answers an error */
export async function callDynamodb(port: number, operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    // fetch sets its own.
    headers: Object.fromEntries(Object.entries(dynamodbHeaders(operation)).filter(([name]) => name !== 'connection')),
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** A table with a partition key and a sort key, ready for use. */
export async function createTable(port: number, name: string): Promise<void> {
  await callDynamodb(port, 'CreateTable', {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  for (let tries = 0; tries < 200; tries++) {
    const { Table } = (await callDynamodb(port, 'DescribeTable', { TableName: name })) as {
      Table: { TableStatus: string };
    };
    if (Table.TableStatus === 'ACTIVE') return;
  }
  throw new Error(`table ${name} did not become active`);
}
