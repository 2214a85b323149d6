import { limitExceeded, malformedPolicy } from './errors.ts';

const MOST_INLINE = { role: 10_240, user: 2_048, group: 5_120 } as const;
const MOST_MANAGED = 6_144;
const MOST_TRUST = 2_048;

/** Checks the document of a managed policy. @throws MalformedPolicyDocument, LimitExceeded */
export function checkManagedPolicy(document: string | undefined): string {
  const text = checkPermissions(document);
  if (sizeOf(text) > MOST_MANAGED) throw limitExceeded(`Cannot exceed quota for PolicySize: ${MOST_MANAGED}`);
  return text;
}

/**
 * Checks the document of an inline policy, with those that are there already: the limit is for all of them.
 *
 * @throws MalformedPolicyDocument, LimitExceeded
 */
export function checkInlinePolicy(
  document: string | undefined,
  kind: keyof typeof MOST_INLINE,
  name: string,
  others: Iterable<string>,
): string {
  const text = checkPermissions(document);
  let size = sizeOf(text);
  for (const other of others) size += sizeOf(other);
  if (size > MOST_INLINE[kind]) {
    throw limitExceeded(`Maximum policy size of ${MOST_INLINE[kind]} bytes exceeded for ${kind} ${name}`);
  }
  return text;
}

/** Checks the document that says who may assume a role. @throws MalformedPolicyDocument, LimitExceeded */
export function checkTrustPolicy(document: string | undefined): string {
  const text = document ?? '';
  const statements = statementsOf(text, 'This policy contains invalid Json');
  for (const statement of statements) {
    checkEffect(statement);
    if (!has(statement, 'Principal') && !has(statement, 'NotPrincipal')) {
      throw malformedPolicy('Missing required field Principal cannot be empty!');
    }
    if (has(statement, 'Resource') || has(statement, 'NotResource')) {
      throw malformedPolicy('Has prohibited field Resource');
    }
    const actions = textsOf(statement['Action']);
    if (actions.length === 0) throw malformedPolicy('Missing required field Action');
    if (!actions.every((action) => /^sts:/i.test(action))) {
      throw malformedPolicy('AssumeRole policy may only specify STS AssumeRole actions.');
    }
  }
  if (sizeOf(text) > MOST_TRUST) throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${MOST_TRUST}`);
  return text;
}

type Statement = Readonly<Record<string, unknown>>;

function checkPermissions(document: string | undefined): string {
  const text = document ?? '';
  const statements = statementsOf(text, 'Syntax errors in policy.');
  const ids = statements.map((statement) => statement['Sid']).filter((id) => typeof id === 'string' && id !== '');
  if (new Set(ids).size < ids.length) {
    throw malformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  }
  for (const statement of statements) checkPermission(statement);
  return text;
}

function checkPermission(statement: Statement): void {
  checkEffect(statement);
  const { Sid } = statement;
  if (Sid !== undefined && (typeof Sid !== 'string' || !/^[0-9A-Za-z]*$/.test(Sid))) {
    throw malformedPolicy(
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    );
  }
  if (has(statement, 'Principal') || has(statement, 'NotPrincipal')) {
    throw malformedPolicy('Policy document should not specify a principal.');
  }
  const actions = [...textsOf(statement['Action']), ...textsOf(statement['NotAction'])];
  if (actions.length === 0) throw malformedPolicy('Policy statement must contain actions.');
  if (!actions.every((action) => action === '*' || /^[\w-]+:[\w*?-]+$/.test(action))) {
    throw malformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  const resources = [...textsOf(statement['Resource']), ...textsOf(statement['NotResource'])];
  if (resources.length === 0) throw malformedPolicy('Policy statement must contain resources.');
  const strange = resources.find((resource) => !/^(arn:|\*|\$\{)/.test(resource) && !resource.startsWith('?'));
  if (strange !== undefined) throw malformedPolicy(`Resource ${strange} must be in ARN format or "*".`);
}

function checkEffect(statement: Statement): void {
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny') {
    throw malformedPolicy('Syntax errors in policy.');
  }
}

/** The statements of a document that has the form of a policy. */
function statementsOf(text: string, notJson: string): readonly Statement[] {
  const document = objectOf(text);
  if (document === undefined) throw malformedPolicy(notJson);
  const { Version, Statement: given } = document;
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
    throw malformedPolicy('The policy must contain a valid version string');
  }
  const statements: readonly unknown[] = Array.isArray(given) ? given : [given];
  return statements.map((statement) => {
    if (typeof statement !== 'object' || statement === null) throw malformedPolicy('Syntax errors in policy.');
    return statement as Statement; // an object of any members, as was just asked
  });
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined; // an object of any members
  } catch {
    return undefined;
  }
}

const has = (statement: Statement, member: string): boolean => statement[member] !== undefined;

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');

/** AWS does not count white space. */
const sizeOf = (text: string): number => text.replaceAll(/\s/g, '').length;

/** A document as answers carry it: percent-encoded. https://www.rfc-editor.org/rfc/rfc3986 */
export const encodedDocument = (document: string): string =>
  encodeURIComponent(document).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
