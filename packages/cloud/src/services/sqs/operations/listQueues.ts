import { invalidValue, missingParameter, queueDoesNotExist } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';

const MOST_QUEUES = 1000;

export const listQueues =
  ({ queueStore }: SqsDependencies): SqsOperations['ListQueues'] =>
  ({ QueueNamePrefix = '', MaxResults, NextToken }, context) => {
    const most = pageSize(MaxResults);
    const after = NextToken === undefined ? '' : nameOfToken(NextToken);
    const names = queueStore.names(context, QueueNamePrefix, after, most + 1);
    const page = names.slice(0, most);
    const last = page.at(-1);
    const hasMore = MaxResults !== undefined && names.length > most && last !== undefined;
    return {
      QueueUrls: page.length === 0 ? undefined : page.map((name) => `${context.endpoint}/${context.account}/${name}`),
      NextToken: hasMore ? tokenOf(last) : undefined,
    };
  };

/** How many results a page has. @throws InvalidParameterValue */
export function pageSize(wanted: number | undefined): number {
  if (wanted === undefined) return MOST_QUEUES;
  if (Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_QUEUES) return wanted;
  throw invalidValue(wanted, 'MaxResults', `MaxResults must be an integer between 1 and ${MOST_QUEUES}.`);
}

/** A token that says after which name a list goes on. */
export const tokenOf = (name: string): string => Buffer.from(name).toString('base64');

/** @throws InvalidParameterValue when it is none of ours */
export function nameOfToken(token: string): string {
  const name = Buffer.from(token, 'base64').toString();
  if (tokenOf(name) === token) return name;
  throw invalidValue(token, 'NextToken', 'Invalid or expired next token.');
}

export const getQueueUrl =
  ({ queues }: SqsDependencies): SqsOperations['GetQueueUrl'] =>
  ({ QueueName, QueueOwnerAWSAccountId }, context) => {
    if (QueueName === undefined || QueueName === '') throw missingParameter('QueueName');
    const scope = { account: QueueOwnerAWSAccountId ?? context.account, region: context.region };
    const queue = queues.find(scope, QueueName);
    if (queue === undefined) throw queueDoesNotExist();
    return { QueueUrl: queue.url(context.endpoint) };
  };

export const listDeadLetterSourceQueues =
  ({ queues }: SqsDependencies): SqsOperations['ListDeadLetterSourceQueues'] =>
  ({ QueueUrl, MaxResults, NextToken }, context) => {
    const queue = queues.get(QueueUrl, context);
    const most = pageSize(MaxResults);
    const after = NextToken === undefined ? '' : nameOfToken(NextToken);
    const sources = queues
      .sourcesOf(queue)
      .filter(({ name }) => name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = sources.slice(0, most);
    const last = page.at(-1);
    return {
      queueUrls: page.map((source) => source.url(context.endpoint)),
      NextToken:
        MaxResults !== undefined && sources.length > most && last !== undefined ? tokenOf(last.name) : undefined,
    };
  };
