import { type Principal, rolePrincipal, servicePrincipal } from '../../kernel/credentials.ts';
import type { Pipe } from './pipe.ts';

/** Whoever does what a pipe does: a session of its role. */
export const principalOf = ({ roleArn, name, account }: Pipe): Principal =>
  rolePrincipal(roleArn, name) ?? servicePrincipal('pipes', account);
