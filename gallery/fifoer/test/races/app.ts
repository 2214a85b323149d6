import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { Fifoer, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';

const app = new App();
const stack = new Stack(app, 'FifoerRaces');

// The service, and one whose consumer lacks the guard.
bookings('Bookings', '../../functions/bookings.ts');
bookings('UncheckedBookings', 'uncheckedBookings.ts');

function bookings(id: string, entry: string): void {
  const accounts = new Table(stack, `${id}Accounts`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
  });
  const consumer = new ServiceFunction(stack, `${id}Consumer`, {
    entry: fileURLToPath(new URL(entry, import.meta.url)),
    environment: { [TABLE_NAME]: accounts.tableName },
    timeout: Duration.seconds(20),
  });
  accounts.grant(consumer, 'dynamodb:UpdateItem');
  const { queue } = new Fifoer(stack, id, { consumer });
  new CfnOutput(stack, `${id}QueueUrl`, { value: queue.queueUrl });
}
