import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { Router, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';

const app = new App();
const stack = new Stack(app, 'RouterRaces');

const pathOf = (module: string): string => fileURLToPath(new URL(module, import.meta.url));

// The service, and one whose task lacks the guard.
service('Orders', '../../functions/reserve.ts');
service('UncheckedOrders', 'uncheckedReserve.ts');

function service(id: string, reserve: string): void {
  const orders = new Table(stack, `${id}Table`, {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
  });
  const task = (name: string, module: string): ServiceFunction => {
    const environment = { [TABLE_NAME]: orders.tableName };
    const made = new ServiceFunction(stack, `${id}-${name}`, { entry: pathOf(module), environment });
    orders.grant(made, 'dynamodb:UpdateItem');
    return made;
  };
  const router = new ServiceFunction(stack, `${id}-route`, { entry: pathOf('../../functions/router.ts') });
  const tasks = {
    'order.placed': task('reserve', reserve),
    'order.paid': task('ship', '../../functions/ship.ts'),
  };
  new Router(stack, id, { router, tasks });
  new CfnOutput(stack, `${id}Router`, { value: router.functionName });
}
