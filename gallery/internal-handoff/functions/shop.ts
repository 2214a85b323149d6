import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { variable } from '@skein/lambda/env';
import type { Order } from './invoice.ts';

const FunctionName = variable('INVOICES_FUNCTION_NAME');
const lambda = new LambdaClient({});

/** Sells, and hands the order over to be invoiced: it does not wait until that is done. @returns the status that Lambda answered with */
export const handler = async (order: Order): Promise<number | undefined> => {
  const Payload = JSON.stringify(order);
  const { StatusCode } = await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
  return StatusCode;
};
