import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { globalArn, parseArn } from '../../../kernel/names.ts';
import type { Context } from '../../../kernel/service.ts';
import { credentialsOf } from '../answers.ts';
import { check, duration, sessionName } from '../constraints.ts';
import { accessDenied, validationError } from '../errors.ts';
import type { StsDependencies, StsOperations } from '../operation.ts';
import { sessionTags } from '../tags.ts';

const HOUR = 3_600;

export const assumeRole =
  ({ sessions, aws }: StsDependencies): StsOperations['AssumeRole'] =>
  async (input, context) => {
    const { RoleSessionName = '', DurationSeconds = HOUR, SourceIdentity } = input;
    const { account, name } = roleIn(input.RoleArn);
    check(sessionName(input.RoleSessionName), duration(input.DurationSeconds, 12 * HOUR));
    const tags = sessionTags(input, sessions.latestOf(context.principal.arn)?.tags ?? []);
    const role = await findRole(account, name);
    if (role === undefined || role.Arn !== input.RoleArn) throw notAuthorized(input, context);
    if (DurationSeconds > (role.MaxSessionDuration ?? HOUR)) {
      throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    }
    if (context.principal.kind === 'role' && DurationSeconds > HOUR) {
      throw validationError(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      );
    }
    const id = `${role.RoleId}:${RoleSessionName}`;
    const arn = globalArn('sts', { account, region: context.region }, `assumed-role/${name}/${RoleSessionName}`);
    const policies = [
      ...(input.Policy === undefined ? [] : [input.Policy]),
      ...(input.PolicyArns ?? []).map((policy) => policy.arn ?? ''),
    ];
    const session = sessions.begin(
      {
        principal: { kind: 'role', account, arn, roleArn: role.Arn ?? '', id },
        policies,
        tags,
        sourceIdentity: SourceIdentity,
      },
      DurationSeconds,
    );
    return {
      Credentials: credentialsOf(session),
      AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
      ...(policies.length === 0 ? {} : { PackedPolicySize: packedSize(policies) }),
      ...(SourceIdentity === undefined ? {} : { SourceIdentity }),
    };

    /** Through IAM's own operation, as every service asks another. */
    async function findRole(roleAccount: string, RoleName: string) {
      const { region, cause } = context;
      try {
        return (await aws({ account: roleAccount, region, cause, traced: false }).iam.GetRole({ RoleName })).Role;
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchEntityException') return undefined;
        throw error;
      }
    }
  };

/** The account and name in the ARN of a role. @throws ValidationError */
function roleIn(arn: string | undefined): { account: string; name: string } {
  if (arn === undefined) check({ at: 'roleArn', value: arn, must: 'not be null' });
  const parsed = parseArn(arn ?? '');
  if (parsed === undefined || parsed.account === '' || parsed.resource === '')
    throw validationError(`${arn} is invalid`);
  return { account: parsed.account, name: parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1) };
}

/** AWS does not tell a role that is not there from one that the caller may not assume. */
const notAuthorized = ({ RoleArn = '' }: Partial<AssumeRoleCommandInput>, { principal }: Context) =>
  accessDenied(`User: ${principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`);

/** How much of the room for session policies is used, in percent. */
const packedSize = (policies: readonly string[]): number => Math.ceil((policies.join('').length * 100) / 2048);
