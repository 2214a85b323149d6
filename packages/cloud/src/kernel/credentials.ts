import type { Activity } from './activity.ts';
import { parseArn } from './names.ts';

/** Who calls. */
export type Principal =
  /** The owner of an account: whoever comes with an access key that this cloud did not issue. */
  | { readonly kind: 'root'; readonly account: string; readonly arn: string }
  | { readonly kind: 'user'; readonly account: string; readonly arn: string; readonly id: string }
  /** A session of a role: a function's environment, or AssumeRole. */
  | {
      readonly kind: 'role';
      readonly account: string;
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
      readonly arn: string;
      readonly roleArn: string;
      /** `<role id>:<session>` */
      readonly id: string;
    }
  /** An AWS service: `events.amazonaws.com`. */
  | { readonly kind: 'service'; readonly account: string; readonly arn: string }
  | { readonly kind: 'anonymous'; readonly account: string; readonly arn: string };

/** The invocation that a request comes from. */
export interface CallingInvocation {
  readonly activity: Activity;
  /** The id of its hop. */
  readonly cause: number;
  /**
   * Says that a request of it is held, until the result is disposed of: what the function waits for is the cloud's to give.
   *
   * @param number - the request's header `x-skein-seq`, if it has one
   */
  hold?(number: string | undefined): Disposable;
  /**
   * Counts a request of it as an operation.
   *
   * @param name - `sqs:SendMessage`
   * @returns what to call when the operation has had its effect and its answer is not yet on its way, if a fault kills the environment then
   * @throws when a fault kills the environment before: the operation must have no effect
   */
  operation?(name: string): (() => void) | undefined;
}

/** What an access key stands for. */
export interface Identity {
  readonly principal: Principal;
  /** For a key of a function's environment: the invocation that runs there now. */
  invocation?: () => CallingInvocation | undefined;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** ms since 1970, by the cloud's clock. */
  readonly expires?: number;
  /** A key that was issued and is refused now: deactivated, or deleted. */
  readonly refused?: true;
}

/** Access keys to principals: the only place that knows who a key belongs to. */
export class Credentials {
  readonly #identities = new Map<string, Identity>();
  readonly #roots = new Map<string, Identity>();
  readonly #defaultAccount: string;
  #find: ((accessKeyId: string) => Identity | undefined) | undefined;

  constructor(defaultAccount: string) {
    this.#defaultAccount = defaultAccount;
  }

  /** Makes an access key known until the result is disposed of. */
  issue(accessKeyId: string, identity: Identity): Disposable {
    this.#identities.set(accessKeyId, identity);
    return { [Symbol.dispose]: () => void this.#identities.delete(accessKeyId) };
  }

  /** Asks `find` for keys that nobody issued in this process: those of users and sessions that are rows. */
  lookUp(find: (accessKeyId: string) => Identity | undefined): void {
    this.#find = find;
  }

  /** Forgets a key that was looked up. */
  forget(accessKeyId: string): void {
    this.#identities.delete(accessKeyId);
  }

  /**
   * Who an access key stands for. A key of twelve digits names the account whose owner calls; any other that was not issued here is the
   * default account's owner.
   */
  identify(accessKeyId: string): Identity {
    return this.#identities.get(accessKeyId) ?? this.#roots.get(accessKeyId) ?? this.#unknown(accessKeyId);
  }

  #unknown(accessKeyId: string): Identity {
    const found = this.#find?.(accessKeyId);
    if (found !== undefined) {
      this.#identities.set(accessKeyId, found);
      return found;
    }
    const account = /^\d{12}$/.test(accessKeyId) ? accessKeyId : this.#defaultAccount;
    const identity: Identity = { principal: ownerOf(account) };
    if (this.#roots.size < MAX_UNKNOWN_KEYS) this.#roots.set(accessKeyId, identity);
    return identity;
  }
}

/** A client that draws a new key for each request must not fill the memory. */
const MAX_UNKNOWN_KEYS = 10_000;

/** The principal of an AWS service that delivers something: `events.amazonaws.com`. */
export const servicePrincipal = (service: string, account: string): Principal => ({
  kind: 'service',
  account,
  arn: `${service}.amazonaws.com`,
});

/** A session of a role in which a service acts; undefined when the text is no role's ARN. */
export function rolePrincipal(roleArn: string, session: string): Principal | undefined {
  const role = parseArn(roleArn);
  const name = role?.resource.split('/').at(-1);
  if (role === undefined || name === undefined) return undefined;
  const { account, partition } = role;
  const arn = `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`;
  return { kind: 'role', account, arn, roleArn, id: `${name}:${session}` };
}

/** The owner of an account, who may do anything in it. */
export const ownerOf = (account: string): Principal => ({ kind: 'root', account, arn: `arn:aws:iam::${account}:root` });
