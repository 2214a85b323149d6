import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { Fifoer, type FifoerProps, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { MAX_RECEIVE_COUNT } from './settings.ts';

const app = new App();
const stack = new Stack(app, 'Fifoer');

// The same service twice: its consumer is brought the bookings, or fetches them.
bookings('Bookings', 'event-source');
bookings('PolledBookings', 'polled');

function bookings(id: string, variant: NonNullable<FifoerProps['variant']>): void {
  const accounts = new Table(stack, `${id}Accounts`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const entry = variant === 'polled' ? 'functions/polledBookings.ts' : 'functions/bookings.ts';
  const consumer = new ServiceFunction(stack, `${id}Consumer`, {
    entry: fileURLToPath(new URL(entry, import.meta.url)),
    environment: { [TABLE_NAME]: accounts.tableName },
    timeout: Duration.seconds(20),
  });
  accounts.grant(consumer, 'dynamodb:UpdateItem');
  const { queue } = new Fifoer(stack, id, { consumer, variant, maxReceiveCount: MAX_RECEIVE_COUNT });
  new CfnOutput(stack, `${id}QueueUrl`, { value: queue.queueUrl });
}
