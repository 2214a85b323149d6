/** The account that an unknown access key belongs to. */
export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'us-east-1';

/** An ARN in its parts. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Everything after the fifth colon: `table/orders`, `function:worker:live`. */
  readonly resource: string;
}

/** What names a resource: who owns it, and where. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/** The partition that a region belongs to. */
export function partitionOf(region: string): 'aws' | 'aws-cn' | 'aws-us-gov' {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The domain that the endpoints of a region end in. */
export const urlSuffixOf = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';

/** The ARN of a resource of `service` in a scope. */
export const arn = (service: string, { account, region }: Scope, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;

/** The ARN of an IAM or STS resource, which has an account but no region. */
export const globalArn = (service: 'iam' | 'sts', { account, region }: Scope, resource: string): string =>
  `arn:${partitionOf(region)}:${service}::${account}:${resource}`;

/** The parts of an ARN, or undefined when `text` is none. */
export function parseArn(text: string): Arn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  // Not split(':'): deliveries ask for this several times each.
  const afterPartition = text.indexOf(':', 4);
  const afterService = text.indexOf(':', afterPartition + 1);
  const afterRegion = text.indexOf(':', afterService + 1);
  const afterAccount = text.indexOf(':', afterRegion + 1);
  // A search that finds nothing makes the next one begin anew, before the one that it follows.
  if (!(4 < afterPartition && afterPartition + 1 < afterService)) return undefined;
  if (!(afterService < afterRegion && afterRegion < afterAccount)) return undefined;
  return {
    partition: text.slice(4, afterPartition),
    service: text.slice(afterPartition + 1, afterService),
    region: text.slice(afterService + 1, afterRegion),
    account: text.slice(afterRegion + 1, afterAccount),
    resource: text.slice(afterAccount + 1),
  };
}
