/** The part of an ARN, URL or name that tells it from its neighbours. */
export function shortName(name: string): string {
  const parts = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(name)?.[1];
  if (parts === undefined) return name;
  const withoutKind = parts.replace(/^(?:function|table|role|parameter|log-group|user|assumed-role|execution)[:/]/, '');
  return withoutKind === '' ? parts : withoutKind;
}

/** Time of day, to the millisecond. */
export const timeOf = (at: number): string => {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** A length of time as people say it. */
export function durationOf(ms: number | null): string {
  if (ms === null) return '…';
  if (ms < 0.001) return '<1 µs';
  if (ms < 0.1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

/** `DynamoDB Table` of `AWS::DynamoDB::Table`. */
export const typeName = (type: string): string => type.replace(/^AWS::/, '').replaceAll('::', ' ');

/** `CREATE_COMPLETE` as words. */
export const statusWords = (status: string): string => status.toLowerCase().replaceAll('_', ' ');

/** A colour for a service, the same everywhere: a hue on the wheel. */
export function hueOf(service: string): number {
  let hash = 7;
  for (const character of service) hash = (hash * 31 + character.charCodeAt(0)) % 3600;
  return HUES[service] ?? hash % 360;
}

const HUES: Readonly<Record<string, number>> = {
  lambda: 28,
  dynamodb: 222,
  apigateway: 300,
  apigatewayv2: 300,
  sqs: 345,
  logs: 130,
  ssm: 175,
  iam: 5,
  sts: 50,
  cloudformation: 330,
};

/** The service of a resource type, named as in hops. */
export const serviceOfType = (type: string): string => (type.split('::')[1] ?? type).toLowerCase();
