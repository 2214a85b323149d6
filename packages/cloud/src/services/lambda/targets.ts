import type { Scope } from '../../kernel/names.ts';
import type { Random } from '../../kernel/random.ts';
import { RowCache } from '../../kernel/rowCache.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { RunnableFunction } from './environments/contract.ts';
import { functionNotFound, runtimeUnsupported } from './errors.ts';
import { type FunctionReference, functionArn, readReference } from './functionReference.ts';
import { type FunctionVersion, LATEST, runRevision, versionArn } from './functionVersion.ts';
import type { LambdaStores } from './operation.ts';
import { runsHere } from './runtimes.ts';

/** What an invocation is for: a function under the name that the caller used. */
export interface Target extends Scope {
  readonly name: string;
  /** As it was given or derived: an alias, a number, `$LATEST`; undefined when there was none. */
  readonly qualifier: string | undefined;
  /** The function's own ARN, without a qualifier. */
  readonly functionArn: string;
  /** The ARN by which the caller named it, with the qualifier. */
  readonly invokedArn: string;
  /** Reserved concurrent executions of the function; undefined: it shares the account's. */
  readonly reserved: number | undefined;
  readonly deadLetterArn: string | undefined;
  /** Whether it may run in a loop of events without an end. */
  readonly allowsRecursion: boolean;
  /** The versions that it may run, with their share of the calls; the last one takes the rest. */
  readonly choices: readonly Choice[];
}

interface Choice {
  readonly share: number;
  readonly version: string;
  /** Undefined when its runtime does not run here. */
  readonly runnable: RunnableFunction | undefined;
  readonly runtime: string | undefined;
}

/** Where the folders of layer versions are found. */
export type FindLayer = (layerVersionArn: string) => string | undefined;

/**
 * Finds what an invocation is for. What was found is kept until any function changes: a warm invocation asks the database nothing.
 */
export class Targets {
  readonly #stores: LambdaStores;
  readonly #random: Random;
  readonly #findLayer: FindLayer;
  readonly #found: RowCache<string, Target>;

  constructor(
    stores: LambdaStores,
    { random, scheduler }: Pick<ServiceEnvironment, 'random' | 'scheduler'>,
    findLayer: FindLayer,
  ) {
    this.#stores = stores;
    this.#random = random;
    this.#found = new RowCache(scheduler);
    this.#findLayer = findLayer;
  }

  /** @throws ValidationException, InvalidParameterValueException, ResourceNotFoundException */
  find(functionName: string | undefined, qualifier: string | undefined, scope: Scope): Target {
    const key = `${scope.account} ${scope.region} ${functionName} ${qualifier ?? ''}`;
    let target = this.#found.get(key);
    if (target === undefined) {
      target = this.#read(readReference(functionName, qualifier, scope));
      // Clients may name a function in many ways, but not so many.
      if (this.#found.size >= MAX_FOUND) this.#found.clear();
      this.#found.set(key, target);
    }
    return target;
  }

  /** Forgets what was found: some function has changed. */
  forget(): void {
    this.#found.clear();
  }

  /**
   * The version that this call goes to: of an alias with weights, drawn.
   *
   * @throws InvalidRuntimeException when it does not run here
   */
  choose(target: Target): RunnableFunction {
    const { choices, invokedArn } = target;
    let choice = choices[0];
    if (choices.length > 1) {
      let rest = this.#random.of(`alias/${invokedArn}`).fraction();
      choice = choices.find(({ share }) => (rest -= share) < 0) ?? choices.at(-1);
    }
    if (choice?.runnable === undefined) throw runtimeUnsupported(target.functionArn, choice?.runtime);
    return choice.runnable;
  }

  /** A version as its environments need it; undefined when its runtime does not run here. */
  runnable(version: FunctionVersion): RunnableFunction | undefined {
    const { configuration, code, account, region, name } = version;
    const { Runtime: runtime, Handler: handler, LoggingConfig } = configuration;
    if (runtime === undefined || handler === undefined || !runsHere(runtime)) return undefined;
    return {
      arn: versionArn(version),
      name,
      version: version.version,
      account,
      region,
      runtime,
      handler,
      codeFolder: code.folder,
      layerFolders: configuration.Layers.map(this.#findLayer).filter((folder) => folder !== undefined),
      moduleFolders: configuration.moduleFolders,
      environment: configuration.Environment ?? {},
      memoryMegabytes: configuration.MemorySize,
      timeoutSeconds: configuration.Timeout,
      architecture: configuration.Architectures[0] ?? 'x86_64',
      roleArn: configuration.Role,
      logGroup: LoggingConfig.LogGroup ?? `/aws/lambda/${name}`,
      logFormat: LoggingConfig.LogFormat ?? 'Text',
      applicationLogLevel: LoggingConfig.ApplicationLogLevel ?? 'INFO',
      systemLogLevel: LoggingConfig.SystemLogLevel ?? 'INFO',
      revision: runRevision(version),
    };
  }

  #read(reference: FunctionReference): Target {
    const { account, region, name, qualifier } = reference;
    const scope = { account, region };
    const { functions, aliases } = this.#stores;
    const row = functions.find(scope, name);
    const missing = () => functionNotFound(functionArn(scope, name, qualifier ?? LATEST));
    if (row === undefined) throw missing();
    const alias = qualifier === undefined ? undefined : aliases.find(scope, name, qualifier);
    const main = alias?.version ?? qualifier ?? LATEST;
    const versionOf = (version: string): FunctionVersion => {
      const found = /^(\d+|\$LATEST)$/.test(version) ? functions.version(scope, name, version) : undefined;
      if (found === undefined) throw missing();
      return found;
    };
    const weights = Object.entries(alias?.weights ?? {});
    const others = weights.reduce((sum, [, weight]) => sum + weight, 0);
    const choices = [...weights, [main, 1 - others] as const].map(([version, share]) =>
      this.#choice(versionOf(version), share),
    );
    return {
      ...scope,
      name,
      qualifier,
      functionArn: functionArn(scope, name),
      invokedArn: functionArn(scope, name, qualifier),
      reserved: row.reserved,
      allowsRecursion: this.#stores.recursion.isAllowed(scope, name),
      deadLetterArn: versionOf(main).configuration.DeadLetterArn,
      choices,
    };
  }

  #choice(version: FunctionVersion, share: number): Choice {
    return {
      share,
      version: version.version,
      runnable: this.runnable(version),
      runtime: version.configuration.Runtime,
    };
  }
}

const MAX_FOUND = 10_000;
