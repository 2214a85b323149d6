import { type Principal, servicePrincipal } from '../../kernel/credentials.ts';
import { parseArn } from '../../kernel/names.ts';
import type { Pipe } from './pipe.ts';

/** Whoever does what a pipe does: a session of its role. */
export function principalOf({ roleArn, name, account: owner }: Pipe): Principal {
  const role = parseArn(roleArn);
  const roleName = role?.resource.split('/').at(-1);
  if (role === undefined || roleName === undefined) return servicePrincipal('pipes', owner);
  const { account, partition } = role;
  const arn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${name}`;
  return { kind: 'role', account, arn, roleArn, id: `${roleName}:${name}` };
}
