import type { Scope } from '../../kernel/names.ts';
import type { Random } from '../../kernel/random.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Environments } from './environments/contract.ts';
import { conflict, functionNotFound, invalidParameter, revisionMismatch } from './errors.ts';
import { functionArn } from './functionReference.ts';
import {
  type Code,
  type Configuration,
  type FunctionVersion,
  LATEST,
  runRevision,
  versionArn,
} from './functionVersion.ts';
import type { LambdaStores } from './operation.ts';
import type { FunctionRow } from './stores/functionStore.ts';
import type { Targets } from './targets.ts';

/** What {@link Functions} stands on. */
export interface FunctionsOptions {
  readonly stores: LambdaStores;
  readonly targets: Targets;
  readonly environments: Environments;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Hears that a function is gone, to end what hangs on it. */
  readonly onDelete: (scope: Scope, name: string) => void;
}

/** A function to be made. */
export interface NewFunction extends Scope {
  readonly name: string;
  readonly configuration: Configuration;
  readonly code: Code;
  readonly tags: Readonly<Record<string, string>>;
}

/** Functions and their versions: made, changed, published and deleted, with their environments kept in step. */
export class Functions {
  readonly #options: FunctionsOptions;

  constructor(options: FunctionsOptions) {
    this.#options = options;
  }

  /** A function as a whole. @throws ResourceNotFoundException */
  get(scope: Scope, name: string): FunctionRow {
    const row = this.#options.stores.functions.find(scope, name);
    if (row === undefined) throw functionNotFound(functionArn(scope, name));
    return row;
  }

  /**
   * The version that a qualifier stands for: a number, an alias, `$LATEST`; without one `$LATEST`.
   *
   * @throws ResourceNotFoundException
   */
  version(scope: Scope, name: string, qualifier?: string): FunctionVersion {
    const version = this.findVersion(scope, name, qualifier);
    if (version === undefined) throw functionNotFound(functionArn(scope, name, qualifier));
    return version;
  }

  findVersion(scope: Scope, name: string, qualifier: string = LATEST): FunctionVersion | undefined {
    const { functions, aliases } = this.#options.stores;
    if (isVersion(qualifier)) return functions.version(scope, name, qualifier);
    const alias = aliases.find(scope, name, qualifier);
    return alias === undefined ? undefined : functions.version(scope, name, alias.version);
  }

  /** @throws ResourceConflictException when there is one of this name */
  create({ account, region, name, configuration, code, tags }: NewFunction): FunctionVersion {
    const { stores } = this.#options;
    const scope = { account, region };
    if (stores.functions.find(scope, name) !== undefined) throw conflict(`Function already exist: ${name}`);
    stores.functions.put(scope, { name, published: 0, reserved: undefined, tags });
    const version: FunctionVersion = {
      ...scope,
      name,
      version: LATEST,
      configuration,
      code,
      ...this.#stamp(scope, name),
    };
    stores.functions.putVersion(version);
    this.#changed(version);
    return version;
  }

  /**
   * Changes `$LATEST`.
   *
   * @param revisionId - the revision that the caller knows
   * @throws PreconditionFailedException when it is another
   */
  update(
    before: FunctionVersion,
    change: { readonly configuration?: Configuration; readonly code?: Code },
    revisionId?: string,
  ): FunctionVersion {
    checkRevision(before, revisionId);
    const version = { ...before, ...change, ...this.#stamp(before, before.name) };
    this.#options.stores.functions.putVersion(version);
    this.#changed(version);
    return version;
  }

  /**
   * Publishes `$LATEST` under the next number; when nothing was changed since the last one, that is the answer.
   *
   * @throws PreconditionFailedException, InvalidParameterValueException
   */
  publish(scope: Scope, name: string, options: PublishOptions = {}): FunctionVersion {
    const { functions } = this.#options.stores;
    const row = this.get(scope, name);
    const latest = this.version(scope, name);
    checkRevision(latest, options.revisionId);
    if (options.codeSha256 !== undefined && options.codeSha256 !== latest.code.sha256) {
      throw invalidParameter(
        `CodeSHA256 (${options.codeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
      );
    }
    const last = row.published === 0 ? undefined : functions.version(scope, name, String(row.published));
    if (last !== undefined && isSame(last, latest)) return last;
    const number = row.published + 1;
    const configuration =
      options.description === undefined
        ? latest.configuration
        : { ...latest.configuration, Description: options.description };
    const version: FunctionVersion = { ...latest, version: String(number), configuration, ...this.#stamp(scope, name) };
    functions.put(scope, { ...row, published: number });
    functions.putVersion(version);
    // $LATEST has a new revision too, and remembers what it was published as.
    functions.putVersion({ ...latest, revisionId: this.newRevision(scope, name) });
    this.#options.targets.forget();
    return version;
  }

  /** Gives a version a new revision: its policy was changed. */
  touch(version: FunctionVersion): void {
    this.#options.stores.functions.putVersion({ ...version, revisionId: this.newRevision(version, version.name) });
  }

  /** Keeps what belongs to the function as a whole. */
  put(scope: Scope, row: FunctionRow): void {
    this.#options.stores.functions.put(scope, row);
    this.#options.targets.forget();
  }

  /** Deletes one published version. */
  deleteVersion(version: FunctionVersion): void {
    const { stores, targets, environments } = this.#options;
    stores.functions.deleteVersion(version, version.name, version.version);
    stores.policies.put(version, version.name, version.version, []);
    targets.forget();
    environments.retire(versionArn(version));
  }

  /** Deletes the function with all that belongs to it. */
  delete(scope: Scope, name: string): void {
    const { stores, targets, environments, onDelete } = this.#options;
    const versions = stores.functions.versions(scope, name);
    stores.functions.delete(scope, name);
    stores.aliases.deleteAll(scope, name);
    stores.policies.deleteAll(scope, name);
    onDelete(scope, name);
    targets.forget();
    for (const version of versions) environments.retire(versionArn(version));
  }

  /** A revision id, drawn for the function. */
  newRevision(scope: Scope, name: string): string {
    return this.#options.random.of(`revision/${functionArn(scope, name)}`).uuid();
  }

  #stamp(scope: Scope, name: string): Pick<FunctionVersion, 'revisionId' | 'modifiedAt'> {
    return { revisionId: this.newRevision(scope, name), modifiedAt: this.#options.scheduler.now };
  }

  #changed(version: FunctionVersion): void {
    const { targets, environments } = this.#options;
    targets.forget();
    environments.retire(versionArn(version), runRevision(version));
    const target = targets.runnable(version);
    if (target !== undefined) environments.prepare([target]);
  }
}

export interface PublishOptions {
  readonly description?: string | undefined;
  readonly revisionId?: string | undefined;
  readonly codeSha256?: string | undefined;
}

/** Whether a qualifier names a version and not an alias. */
export const isVersion = (qualifier: string): boolean => qualifier === LATEST || /^\d+$/.test(qualifier);

/** @throws PreconditionFailedException */
export function checkRevision({ revisionId }: { readonly revisionId: string }, known: string | undefined): void {
  if (known !== undefined && known !== revisionId) throw revisionMismatch('GetFunction/GetAlias');
}

/** A published version is as `$LATEST` when code and configuration are; its description is its own. */
const isSame = (published: FunctionVersion, latest: FunctionVersion): boolean =>
  runRevision({ ...published, configuration: { ...published.configuration, Description: '' } }) ===
  runRevision({ ...latest, configuration: { ...latest.configuration, Description: '' } });
