import type { ResourcePolicy } from '@aws-sdk/client-cloudwatch-logs';
import { check, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken, limitExceeded, resourcePolicyNotFound } from '../errors.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import type { LogsResourcePolicy } from '../resourcePolicyStore.ts';
import { listToken, positionInList } from '../tokens.ts';

const MOST_POLICIES = 10;
const MOST = 50;
const MAX_DOCUMENT = 5120;

export const putResourcePolicy =
  ({ resourcePolicies, scheduler }: LogsDependencies): LogsOperations['PutResourcePolicy'] =>
  ({ policyName: name = '', policyDocument: document = '', resourceArn }, context) => {
    ofAccountOnly(resourceArn);
    check(
      name === '' && { at: 'policyName', value: name, must: 'have length greater than or equal to 1' },
      document === '' && { at: 'policyDocument', value: document, must: 'have length greater than or equal to 1' },
      document.length > MAX_DOCUMENT && {
        at: 'policyDocument',
        value: document,
        must: `have length less than or equal to ${MAX_DOCUMENT}`,
      },
    );
    if (!isPolicy(document)) throw invalidParameter('Policy document is malformed.');
    const others = resourcePolicies.list(context).filter((policy) => policy.name !== name);
    if (others.length >= MOST_POLICIES) throw limitExceeded('Resource limit exceeded.');
    const policy: LogsResourcePolicy = { name, document, updatedAt: scheduler.now };
    resourcePolicies.put(context, policy);
    return { resourcePolicy: answer(policy) };
  };

export const describeResourcePolicies =
  ({ resourcePolicies }: LogsDependencies): LogsOperations['DescribeResourcePolicies'] =>
  ({ limit = MOST, nextToken, resourceArn }, context) => {
    ofAccountOnly(resourceArn);
    check(limitOf(limit, MOST));
    const after = nextToken === undefined ? '' : positionInList(nextToken);
    if (typeof after !== 'string') throw invalidToken();
    const rest = resourcePolicies.list(context).filter(({ name }) => name > after);
    const shown = rest.slice(0, limit);
    return {
      resourcePolicies: shown.map(answer),
      ...(rest.length > limit ? { nextToken: listToken(shown.at(-1)?.name) } : {}),
    };
  };

export const deleteResourcePolicy =
  ({ resourcePolicies }: LogsDependencies): LogsOperations['DeleteResourcePolicy'] =>
  ({ policyName = '', resourceArn }, context) => {
    ofAccountOnly(resourceArn);
    if (!resourcePolicies.remove(context, policyName)) throw resourcePolicyNotFound(policyName);
    return {};
  };

function ofAccountOnly(resourceArn: string | undefined): void {
  if (resourceArn === undefined) return;
  throw invalidParameter(
    "Skein does not support resource policies of single log groups: leave out resourceArn, and name the group in the policy's Resource.",
  );
}

function isPolicy(document: string): boolean {
  try {
    const value: unknown = JSON.parse(document);
    return typeof value === 'object' && value !== null && 'Statement' in value;
  } catch {
    return false;
  }
}

const answer = ({ name, document, updatedAt }: LogsResourcePolicy): ResourcePolicy => ({
  policyName: name,
  policyDocument: document,
  lastUpdatedTime: updatedAt,
  policyScope: 'ACCOUNT',
});
