import type { StatementSync } from 'node:sqlite';
import type { Principal } from '../../kernel/credentials.ts';
import type { Store } from '../../kernel/store.ts';
import { awsManagedPolicy } from './aws-managed/awsManaged.ts';
import { TABLES } from './tables.ts';

/** One policy that says what a principal may do. */
export interface AppliedPolicy {
  /** The ARN of a managed policy, or of the entity that an inline one belongs to. */
  readonly source: string;
  /** The name of the policy. */
  readonly name: string;
  /** How the principal comes by it. */
  readonly through: 'inline' | 'attached' | 'group';
  /** Its text. Undefined: a policy of AWS that is known by its name only. */
  readonly document: string | undefined;
}

/** All that IAM knows of what a principal may do: what an evaluator reads. */
export interface PrincipalPolicies {
  /** The unique id of its role or user: `AROA…`. */
  readonly id: string;
  readonly policies: readonly AppliedPolicy[];
  /** The permissions boundary: the most that the policies can allow. */
  readonly boundary: AppliedPolicy | undefined;
  /** Its tags: `aws:PrincipalTag/…`. */
  readonly tags: ReadonlyMap<string, string>;
}

type Pair = readonly [string, string];

/**
 * Reads the policies of principals straight from IAM's tables: synchronously, without starting the service or loading its client. What a
 * role's session adds (a session policy) is with STS.
 */
export class PolicyReader {
  readonly #role: StatementSync;
  readonly #entity: StatementSync;
  readonly #inline: StatementSync;
  readonly #attached: StatementSync;
  readonly #groups: StatementSync;
  readonly #document: StatementSync;
  readonly #tags: StatementSync;
  readonly #trust: StatementSync;

  constructor(store: Store) {
    store.define(TABLES);
    this.#role = store.prepareArrays(`select id from iam_entity where account = ? and kind = 'role' and name = ?`);
    this.#entity = store.prepareArrays('select account, boundary from iam_entity where id = ?');
    this.#inline = store.prepareArrays(
      'select name, document from iam_inline_policy where entity_id = ? order by name',
    );
    this.#attached = store.prepareArrays(
      'select policy_arn from iam_attachment where entity_id = ? order by policy_arn',
    );
    this.#groups = store.prepareArrays(`select e.id, 'arn:aws:iam::' || e.account || ':group' || e.path || e.name
      from iam_member m join iam_entity e on e.id = m.parent_id where m.child_id = ? and e.kind = 'group' order by e.name`);
    this.#document = store.prepareArrays(`select v.document from iam_policy p join iam_policy_version v
      on v.policy_arn = p.arn and v.version = p.default_version where p.arn = ?`);
    this.#tags = store.prepareArrays('select key, value from iam_tag where owner = ? order by key');
    this.#trust = store.prepareArrays(
      `select trust_policy from iam_entity where account = ? and kind = 'role' and name = ?`,
    );
  }

  /** What a user or a role's session may do. Undefined: the principal is neither, or IAM does not know it. */
  of(principal: Principal): PrincipalPolicies | undefined {
    if (principal.kind === 'user') return this.#of(principal.id, principal.arn);
    if (principal.kind !== 'role') return undefined;
    const [id] = (this.#role.get(principal.account, nameIn(principal.roleArn)) ?? []) as unknown as readonly string[]; // prepared to give arrays
    return id === undefined ? undefined : this.#of(id, principal.roleArn);
  }

  /** Who may assume a role: the text of its trust policy. Undefined: there is no such role. */
  trustPolicy(account: string, roleName: string): string | undefined {
    const row = this.#trust.get(account, roleName) as unknown as readonly [string | null] | undefined; // prepared to give arrays
    return row?.[0] ?? undefined;
  }

  #of(id: string, arn: string): PrincipalPolicies | undefined {
    const row = this.#entity.get(id) as unknown as readonly [string, string | null] | undefined; // prepared to give arrays
    if (row === undefined) return undefined;
    const boundary = row[1];
    const groups = this.#groups.all(id) as unknown as readonly Pair[]; // prepared to give arrays
    return {
      id,
      policies: [
        ...this.#held(id, arn),
        ...groups.flatMap(([group, groupArn]) => this.#held(group, groupArn, 'group')),
      ],
      boundary: boundary === null ? undefined : this.#managed(boundary, 'attached'),
      tags: new Map(this.#tags.all(id) as unknown as readonly Pair[]), // prepared to give arrays
    };
  }

  #held(id: string, arn: string, through?: 'group'): AppliedPolicy[] {
    const inline = this.#inline.all(id) as unknown as readonly Pair[]; // prepared to give arrays
    const attached = this.#attached.all(id) as unknown as readonly (readonly [string])[]; // prepared to give arrays
    return [
      ...inline.map(([name, document]) => ({ source: arn, name, through: through ?? ('inline' as const), document })),
      ...attached.map(([policyArn]) => this.#managed(policyArn, through ?? 'attached')),
    ];
  }

  #managed(arn: string, through: AppliedPolicy['through']): AppliedPolicy {
    const aws = awsManagedPolicy(arn);
    const row = aws === undefined ? (this.#document.get(arn) as unknown as readonly [string] | undefined) : undefined; // prepared to give arrays
    return { source: arn, name: nameIn(arn), through, document: aws === undefined ? row?.[0] : aws.document };
  }
}

/** The last part of an ARN with a path. */
const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
