import type { Option } from '../command.ts';
import { CommandError } from '../errors.ts';

/** The option of every command that speaks to a running cloud. */
export const ENDPOINT: Option & { readonly type: 'string' } = {
  type: 'string',
  value: 'url',
  describe: 'address of the running cloud; without it AWS_ENDPOINT_URL, else http://127.0.0.1:4566',
};

const DEFAULT_ENDPOINT = 'http://127.0.0.1:4566';

/** What a service answered that refuses. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  /** AWS's code, without what stands before a `#`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A cloud that runs on this machine, as a command speaks to it. */
export interface RunningCloud {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  /**
   * Calls an operation of a service that speaks JSON.
   *
   * @param target - its name on the wire: `AmazonSQS.SendMessage`
   * @throws {AwsRefusal}
   */
  call(target: string, input: object): Promise<Readonly<Record<string, unknown>>>;
  /** Reads from the console API. @returns undefined when there is nothing @throws {CommandError} */
  read(path: string, query: Readonly<Record<string, string>>): Promise<unknown>;
}

interface Address {
  readonly endpoint: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Finds the running cloud. @throws {CommandError} when there is none */
export async function findCloud({ endpoint, environment }: Address): Promise<RunningCloud> {
  const url = (endpoint ?? environment['AWS_ENDPOINT_URL'] ?? DEFAULT_ENDPOINT).replace(/\/+$/, '');
  if (!URL.canParse(url)) throw new CommandError(`--endpoint must be an address, not '${url}'`, { exitCode: 2 });
  const about = await aboutOf(url);
  return {
    url,
    ...about,
    call: (target, input) => call(url, about.region, target, input),
    async read(path, query) {
      const response = await request(`${url}/_skein/api/${path}?${new URLSearchParams(query)}`);
      if (response.status === 404) return undefined;
      if (!response.ok) throw new CommandError(`the cloud at ${url} refuses: ${messageOf(await jsonOf(response))}`);
      return jsonOf(response);
    },
  };
}

async function aboutOf(url: string): Promise<{ readonly account: string; readonly region: string }> {
  const response = await request(`${url}/_skein/api/about`);
  const about = response.ok ? await jsonOf(response).catch(() => undefined) : undefined;
  const account = memberOf(about, 'account');
  const region = memberOf(about, 'region');
  if (account !== undefined && region !== undefined) return { account, region };
  throw new CommandError(`what answers at ${url} is no cloud of Skein: name the address of one with --endpoint`);
}

async function call(
  url: string,
  region: string,
  target: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const [service = ''] = target.split('.');
  const scope = `test/20260101/${region}/${SIGNING_NAMES[service] ?? service}/aws4_request`;
  const response = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  const answer = await jsonOf(response);
  if (response.ok) return answer;
  const code = memberOf(answer, '__type') ?? response.headers.get('x-amzn-errortype') ?? String(response.status);
  throw new AwsRefusal(code.slice(code.lastIndexOf('#') + 1), messageOf(answer));
}

const SIGNING_NAMES: Readonly<Record<string, string>> = { AmazonSQS: 'sqs', AWSEvents: 'events' };

async function request(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new CommandError(
      `there is no cloud at ${new URL(url).origin}: start one with 'skein dev', or name its address with --endpoint`,
      { cause: error },
    );
  }
}

async function jsonOf(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>); // operations answer objects
}

function memberOf(answer: Readonly<Record<string, unknown>> | undefined, name: string): string | undefined {
  const value = answer?.[name];
  return typeof value === 'string' ? value : undefined;
}

const messageOf = (answer: Readonly<Record<string, unknown>>): string =>
  memberOf(answer, 'message') ?? memberOf(answer, 'Message') ?? JSON.stringify(answer);
