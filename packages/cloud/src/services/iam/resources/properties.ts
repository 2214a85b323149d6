import type { Deployment } from '../../../kernel/resourceType.ts';
import { awsManagedPolicy, knownByNameOnly } from '../aws-managed/awsManaged.ts';

/** A tag as CloudFormation writes it. */
export interface TagProperty {
  readonly Key: string;
  readonly Value: string;
}

/** A policy that stands in a role, user or group. */
export interface InlinePolicyProperty {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

/** A policy document as text: a template has it as an object, or as text already. */
export const documentText = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document);

/** The tags of a resource and of its stack, without those that AWS keeps for itself. */
export function allTags(tags: readonly TagProperty[] | undefined, deployment: Deployment): TagProperty[] {
  const own = Object.entries(deployment.tags).filter(([key]) => !key.toLowerCase().startsWith('aws:'));
  const merged = new Map([...own, ...(tags ?? []).map(({ Key, Value }) => [Key, String(Value)] as const)]);
  return Array.from(merged, ([Key, Value]) => ({ Key, Value }));
}

/** Runs a deletion, and does not mind when the thing is gone already. */
export async function unlessGone(deleted: Promise<unknown>): Promise<void> {
  try {
    await deleted;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NoSuchEntityException') throw error;
  }
}

/** What one list has and the other has not. */
export interface Difference<Item> {
  readonly added: readonly Item[];
  readonly removed: readonly Item[];
}

/** What two lists differ in. */
export const difference = <Item>(wanted: readonly Item[] = [], there: readonly Item[] = []): Difference<Item> => ({
  added: wanted.filter((item) => !there.includes(item)),
  removed: there.filter((item) => !wanted.includes(item)),
});

/** Says of policies of AWS that are known by name only that they are. */
export function noticeUnknownPolicies(arns: readonly string[], deployment: Deployment): void {
  for (const arn of arns) {
    const policy = awsManagedPolicy(arn);
    if (policy !== undefined && policy.document === undefined) deployment.notice(knownByNameOnly(policy.name));
  }
}
