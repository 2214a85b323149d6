import { DeployError } from './errors.ts';

/** How the values that dynamic references name are looked up. */
export interface DynamicValues {
  /** @param version - undefined: the latest */
  ssm(name: string, version: string | undefined): Promise<string>;
  /** The whole text of a secret. */
  secret(id: string, stage: string | undefined, version: string | undefined): Promise<string>;
}

const REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}/g;

/**
 * A value with every dynamic reference in it (`{{resolve:ssm:/topic}}`, `{{resolve:secretsmanager:db:SecretString:password}}`) replaced.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export async function resolveDynamic(value: unknown, values: DynamicValues): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? resolveText(value, values) : value;
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveDynamic(item, values)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await resolveDynamic(item, values)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function resolveText(text: string, values: DynamicValues): Promise<string> {
  let result = '';
  let at = 0;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, service = '', reference = ''] = match;
    result += text.slice(at, match.index) + (await lookUp(service, reference, values));
    at = match.index + whole.length;
  }
  return result + text.slice(at);
}

async function lookUp(service: string, reference: string, values: DynamicValues): Promise<string> {
  if (service !== 'secretsmanager') {
    const [, name = reference, version] = /^(.*?)(?::(\d+))?$/.exec(reference) ?? [];
    return values.ssm(name, version);
  }
  const isArn = reference.startsWith('arn:');
  const parts = reference.split(':');
  const id = isArn ? parts.slice(0, 7).join(':') : (parts[0] ?? '');
  const [what = 'SecretString', key, stage, version] = parts.slice(isArn ? 7 : 1);
  if (what !== 'SecretString')
    throw new DeployError(`the dynamic reference to the secret ${id} must name SecretString, not ${what}`);
  const secret = await values.secret(id, stage || undefined, version || undefined);
  return key === undefined || key === '' ? secret : memberOf(secret, key, id);
}

function memberOf(secret: string, key: string, id: string): string {
  const value: unknown = JSON.parse(secret);
  const member = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (member === undefined) throw new DeployError(`the secret ${id} has no key ${key}`);
  return String(member);
}
