import type { AddPermissionRequest } from '@aws-sdk/client-lambda';
import { globalArn } from '../../../kernel/names.ts';
import { Constraints, pattern } from '../constraints.ts';
import { conflict, functionNotFound, invalidParameter, resourceNotFound, revisionMismatch } from '../errors.ts';
import { type FunctionReference, functionArn, readReference, referenceArn } from '../functionReference.ts';
import { isVersion } from '../functions.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import type { Statement } from '../stores/policyStore.ts';

const STATEMENT_ID = pattern('([a-zA-Z0-9-_]+)');
const ACTION = pattern('(lambda:[*]|lambda:[a-zA-Z]+|[*])');

export const addPermission =
  (dependencies: LambdaDependencies): LambdaOperations['AddPermission'] =>
  (input, context) => {
    const { StatementId = '', Action = '', Principal } = input;
    new Constraints()
      .present(input.StatementId, 'statementId')
      .length(input.StatementId, 'statementId', 100, 1)
      .pattern(input.StatementId, 'statementId', STATEMENT_ID)
      .present(input.Action, 'action')
      .pattern(input.Action, 'action', ACTION)
      .present(Principal, 'principal')
      .oneOf(input.FunctionUrlAuthType, 'functionUrlAuthType', ['NONE', 'AWS_IAM'])
      .hold();
    const reference = readReference(input.FunctionName, input.Qualifier, context);
    if (reference.qualifier === '$LATEST')
      throw invalidParameter('We currently do not support adding policies for $LATEST.');
    const revisionId = revisionOf(dependencies, reference);
    if (input.RevisionId !== undefined && input.RevisionId !== revisionId) throw revisionMismatch('GetPolicy');
    const statements = statementsOf(dependencies, reference);
    if (statements.some(({ Sid }) => Sid === StatementId)) {
      throw conflict(
        `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const statement: Statement = {
      Sid: StatementId,
      Effect: 'Allow',
      Principal: principalOf(Principal ?? '', reference),
      Action,
      Resource: referenceArn(reference),
      ...conditionsOf(input),
    };
    keep(dependencies, reference, [...statements, statement]);
    return { Statement: JSON.stringify(statement) };
  };

export const removePermission =
  (dependencies: LambdaDependencies): LambdaOperations['RemovePermission'] =>
  ({ FunctionName, StatementId, Qualifier, RevisionId }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    if (dependencies.stores.functions.find(reference, reference.name) === undefined) {
      throw resourceNotFound(`No policy found for: ${referenceArn(reference)}`);
    }
    const revisionId = revisionOf(dependencies, reference);
    const statements = statementsOf(dependencies, reference);
    if (statements.length === 0) throw resourceNotFound('No policy is associated with the given resource.');
    const left = statements.filter(({ Sid }) => Sid !== StatementId);
    if (left.length === statements.length)
      throw resourceNotFound(`Statement ${StatementId} is not found in resource policy.`);
    if (RevisionId !== undefined && RevisionId !== revisionId) throw revisionMismatch('GetFunction/GetAlias');
    keep(dependencies, reference, left);
    return {};
  };

export const getPolicy =
  (dependencies: LambdaDependencies): LambdaOperations['GetPolicy'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    const Statement = statementsOf(dependencies, reference);
    if (Statement.length === 0) throw resourceNotFound('The resource you requested does not exist.');
    const policy = { Version: '2012-10-17', Id: 'default', Statement };
    return { Policy: JSON.stringify(policy), RevisionId: revisionOf(dependencies, reference) };
  };

const statementsOf = ({ stores }: LambdaDependencies, reference: FunctionReference): Statement[] =>
  stores.policies.statements(reference, reference.name, reference.qualifier ?? '');

/** The revision of what a policy belongs to: function, version or alias. @throws ResourceNotFoundException */
function revisionOf({ functions, stores }: LambdaDependencies, reference: FunctionReference): string {
  const { name, qualifier } = reference;
  functions.get(reference, name);
  if (qualifier === undefined || isVersion(qualifier)) return functions.version(reference, name, qualifier).revisionId;
  if (qualifier.includes('$')) throw functionNotFound(referenceArn(reference));
  const alias = stores.aliases.find(reference, name, qualifier);
  if (alias === undefined) throw resourceNotFound(`Cannot find alias arn: ${functionArn(reference, name, qualifier)}`);
  return alias.revisionId;
}

/** Keeps the statements, under a new revision of what they belong to. */
function keep(
  { functions, stores }: LambdaDependencies,
  reference: FunctionReference,
  statements: readonly Statement[],
): void {
  const { name, qualifier } = reference;
  stores.policies.put(reference, name, qualifier ?? '', statements);
  if (qualifier === undefined || isVersion(qualifier)) {
    functions.touch(functions.version(reference, name, qualifier));
    return;
  }
  const alias = stores.aliases.find(reference, name, qualifier);
  if (alias !== undefined)
    stores.aliases.put(reference, { ...alias, revisionId: functions.newRevision(reference, name) });
}

function principalOf(principal: string, scope: FunctionReference): Statement['Principal'] {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: globalArn('iam', { ...scope, account: principal }, 'root') };
  if (principal.startsWith('arn:')) return { AWS: principal };
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal };
  throw invalidParameter('The provided principal was invalid. Please check the principal and try again.');
}

function conditionsOf(input: AddPermissionRequest): Pick<Statement, 'Condition'> {
  const equal: Record<string, string> = {};
  if (input.SourceAccount !== undefined) equal['AWS:SourceAccount'] = input.SourceAccount;
  if (input.FunctionUrlAuthType !== undefined) equal['lambda:FunctionUrlAuthType'] = input.FunctionUrlAuthType;
  if (input.PrincipalOrgID !== undefined) equal['aws:PrincipalOrgID'] = input.PrincipalOrgID;
  if (input.EventSourceToken !== undefined) equal['lambda:EventSourceToken'] = input.EventSourceToken;
  const bool: Record<string, string> = {};
  if (input.InvokedViaFunctionUrl !== undefined)
    bool['lambda:InvokedViaFunctionUrl'] = String(input.InvokedViaFunctionUrl);
  const like: Record<string, string> = {};
  if (input.SourceArn !== undefined) like['AWS:SourceArn'] = input.SourceArn;
  const Condition = Object.fromEntries(
    Object.entries({ StringEquals: equal, Bool: bool, ArnLike: like }).filter(
      ([, members]) => Object.keys(members).length > 0,
    ),
  );
  return Object.keys(Condition).length === 0 ? {} : { Condition };
}
