import { DEFAULT_REGION, type Scope } from '../../kernel/names.ts';
import { invalidAddress, missingParameter } from './errors.ts';

const PATH = /^(?:https?:\/\/([^/?#]+))?\/(?:[^?#]*\/)?([^/?#]+)\/([^/?#]+)\/?$/;

/** Which queue a URL is of. Any host will do: a queue's URL may have come from another port, or from AWS. */
export function parseQueueUrl(
  url: string | undefined,
  region: string = DEFAULT_REGION,
): Scope & { readonly name: string } {
  if (url === undefined || url === '') throw missingParameter('QueueUrl');
  const [, host = '', account, name] = PATH.exec(url) ?? [];
  if (account === undefined || name === undefined) throw invalidAddress(url);
  const inHost = /^(?:sqs\.([a-z]{2}(?:-[a-z]+)+-\d)|([a-z]{2}(?:-[a-z]+)+-\d)\.queue)\./.exec(host);
  return { account, region: inHost?.[1] ?? inHost?.[2] ?? region, name };
}
