import { fileURLToPath } from 'node:url';
import { IdempotencyTable, InternalHandoff, ServiceFunction } from '@skein/patterns';
import { App, Duration, Stack } from 'aws-cdk-lib';

const app = new App();
const stack = new Stack(app, 'InternalHandoffRaces');

const functionOf = (id: string, module: string): ServiceFunction =>
  new ServiceFunction(stack, id, {
    entry: fileURLToPath(new URL(module, import.meta.url)),
    timeout: Duration.seconds(10),
  });

// The service, and one whose function lacks the guard.
const guarded = functionOf('Invoice', '../../functions/invoice.ts');
new IdempotencyTable(stack, 'Keys').addTo(guarded);
new InternalHandoff(stack, 'Invoices', { handler: guarded, tableOperations: ['PutItem'] });
const careless = functionOf('CarelessInvoice', 'carelessInvoice.ts');
new InternalHandoff(stack, 'CarelessInvoices', { handler: careless, tableOperations: ['GetItem', 'PutItem'] });
