import type { Principal } from '../kernel/credentials.ts';
import { parseArn } from '../kernel/names.ts';
import { type Facts, meets } from './conditions.ts';
import { listOf, matches } from './match.ts';

/** A call that a resource's policy is asked about. */
export interface PolicyQuestion {
  readonly principal: Principal;
  /** `sns:Publish` */
  readonly action: string;
  /** The resource's ARN. */
  readonly resource: string;
  /** The ARN of the resource on whose behalf a service calls: `aws:SourceArn`. */
  readonly sourceArn: string | undefined;
}

/** What a policy says: an explicit deny wins over everything, and nothing said is no permission by itself. */
export type Verdict = 'allow' | 'deny' | 'silent';

interface Statement {
  readonly Effect?: unknown;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** What a resource's policy says of a call. @param text - the policy's document */
export function askPolicy(text: string, question: PolicyQuestion): Verdict {
  const facts = factsOf(question);
  let verdict: Verdict = 'silent';
  for (const statement of statementsOf(text)) {
    if (!applies(statement, question, facts)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    verdict = 'allow';
  }
  return verdict;
}

/**
 * Why a resource's policy refuses a call, in AWS's words; undefined when it does not. Whoever belongs to the owner's account needs no word of the
 * policy: their own policies say what they may do. Services, other accounts and the anonymous need one, where there is a policy at all.
 */
export function refusal(
  policy: string | undefined,
  owner: string,
  question: PolicyQuestion,
  named: string = question.action,
): string | undefined {
  if (policy === undefined) return undefined;
  const verdict = askPolicy(policy, question);
  const { principal, resource } = question;
  if (verdict === 'allow' || (verdict === 'silent' && isOfAccount(principal, owner))) return undefined;
  const why =
    verdict === 'deny'
      ? 'with an explicit deny in a resource-based policy'
      : `because no resource-based policy allows the ${named} action`;
  return `User: ${principal.arn} is not authorized to perform: ${named} on resource: ${resource} ${why}`;
}

const isOfAccount = ({ kind, account }: Principal, owner: string): boolean =>
  account === owner && kind !== 'service' && kind !== 'anonymous';

const known = new Map<string, readonly Statement[]>();
const MOST_KNOWN = 1000;

/** A policy's statements: read once, as long as it is in use. */
function statementsOf(text: string): readonly Statement[] {
  let statements = known.get(text);
  if (statements === undefined) {
    const { Statement: read = [] } = JSON.parse(text) as { readonly Statement?: Statement | readonly Statement[] }; // checked when it was set
    statements = listOf(read) as readonly Statement[]; // of the line above
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, statements);
  }
  return statements;
}

function applies(statement: Statement, question: PolicyQuestion, facts: Facts): boolean {
  const { Action, NotAction, Resource, NotResource, Condition, Effect } = statement;
  const { action, resource } = question;
  return (
    isFor(statement, question) &&
    isIn(Action, NotAction, (pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
    isIn(Resource, NotResource, (pattern) => matches(pattern, resource)) &&
    meets(Condition, facts, Effect === 'Deny')
  );
}

/** Whether something is in a list, or not in its opposite; without either it is. */
function isIn(list: unknown, opposite: unknown, is: (pattern: string) => boolean): boolean {
  if (list !== undefined) return listOf(list).some((pattern) => is(String(pattern)));
  return opposite === undefined || !listOf(opposite).some((pattern) => is(String(pattern)));
}

function isFor({ Principal: wanted, NotPrincipal: unwanted }: Statement, { principal }: PolicyQuestion): boolean {
  if (wanted !== undefined) return isAmong(wanted, principal);
  return unwanted !== undefined && !isAmong(unwanted, principal);
}

function isAmong(principals: unknown, principal: Principal): boolean {
  if (principals === '*') return true;
  if (typeof principals !== 'object' || principals === null) return false;
  return Object.entries(principals).some(([kind, names]) =>
    listOf(names).some((name) =>
      kind === 'Service' ? isService(String(name), principal) : isAws(kind, String(name), principal),
    ),
  );
}

const isService = (name: string, { kind, arn }: Principal): boolean =>
  kind === 'service' && (name === '*' || name === arn);

function isAws(kind: string, name: string, principal: Principal): boolean {
  if (kind !== 'AWS') return false;
  if (name === '*') return true;
  if (principal.kind === 'service' || principal.kind === 'anonymous') return false;
  const account = /^\d{12}$/.test(name) ? name : /^arn:[\w-]+:iam::(\d{12}):root$/.exec(name)?.[1];
  if (account !== undefined) return account === principal.account;
  return name === principal.arn || (principal.kind === 'role' && name === principal.roleArn);
}

/** What conditions can ask of a call. */
function factsOf({ principal, sourceArn }: PolicyQuestion): Facts {
  const isAws = principal.kind === 'service';
  const sourceAccount = sourceArn === undefined ? undefined : parseArn(sourceArn)?.account;
  return {
    'aws:securetransport': 'true',
    'aws:sourcearn': sourceArn,
    'aws:sourceaccount': sourceAccount || (isAws ? principal.account : undefined),
    'aws:sourceowner': isAws ? sourceAccount || principal.account : principal.account,
    'aws:principalisawsservice': String(isAws),
    'aws:principalservicename': isAws ? principal.arn : undefined,
    'aws:principalaccount': isAws ? undefined : principal.account,
    'aws:principalarn': isAws ? undefined : principal.kind === 'role' ? principal.roleArn : principal.arn,
    'aws:userid': principal.kind === 'role' || principal.kind === 'user' ? principal.id : undefined,
  };
}
