import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ROUTES, variable } from '@skein/lambda/env';
import type { OrderEvent } from './orderEvent.ts';

/** There is no task for events of this type. */
export class UnknownTypeError extends Error {
  override readonly name = 'UnknownTypeError';
  readonly type: unknown;

  constructor(type: unknown, known: Iterable<string>) {
    super(`no task takes events of the type '${String(type)}': there are tasks for '${[...known].join("', '")}'`);
    this.type = type;
  }
}

// The construct names the functions of the tasks, by type.
const tasks = new Map<unknown, string>(Object.entries(JSON.parse(variable(ROUTES)) as Record<string, string>));
const lambda = new LambdaClient({});

/** Hands an event to the task of its type, and does not wait for it. */
export const handler = async (event: OrderEvent): Promise<void> => {
  const FunctionName = tasks.get(event.type);
  if (FunctionName === undefined) throw new UnknownTypeError(event.type, tasks.keys() as Iterable<string>);
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) }));
};
