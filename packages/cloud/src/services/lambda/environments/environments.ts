import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import type { Environments, LogSink, RunnableFunction, RunRequest, RunResult } from './contract.ts';
import { Environment, type EnvironmentTools, type Identity } from './environment.ts';
import { needsFreshProcess } from './environmentVariables.ts';
import { VIRTUAL_TIME } from './functionProcess.ts';
import { Monitor } from './monitor.ts';
import { ProcessPool } from './processPool.ts';
import { Supervisor } from './supervisor.ts';

/** Starts the part of the cloud that runs functions. Nothing is started before there is a function. */
export const startEnvironments = (environment: ServiceEnvironment, logs: LogSink): Environments =>
  new CloudEnvironments(environment, logs);

/** The environments of one version of a function, as it was configured at one time. */
interface Fleet {
  readonly target: RunnableFunction;
  /** The one that was used last is used next, as in AWS. */
  readonly idle: Environment[];
  readonly all: Set<Environment>;
  /** The cloud's time at which each idle one became so. */
  readonly idleSince: Map<Environment, number>;
  isRetired: boolean;
  /** Whether somebody will look for those that are idle for too long. */
  isWatched: boolean;
}

/** What is there once there is a function. */
interface House extends EnvironmentTools {
  readonly supervisor: Supervisor;
  /** Of the environments' files. */
  readonly folder: string;
}

/** ms of the cloud's time after which an idle environment is ended; AWS does so after some minutes, and does not say how many. */
const IDLE_LIMIT = 15 * 60_000;

/** A pool of one thread has done all that was asked of it before when it has done the last. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' };

/**
 * V8 collects garbage and compiles in the thread that runs, not in threads beside it: where everybody waits for the one step that was chosen,
 * those only cost (a twentieth of the CPU of a function).
 */
const IN_ONE_THREAD = ['--single-threaded'];

/** `Worker.3` is number 3. */
const numberOf = ({ identity }: Environment): number => Number(identity.name.slice(identity.name.lastIndexOf('.') + 1));

const newFleet = (target: RunnableFunction): Fleet => ({
  target,
  idle: [],
  all: new Set(),
  idleSince: new Map(),
  isRetired: false,
  isWatched: false,
});

class CloudEnvironments implements Environments {
  readonly #cloud: ServiceEnvironment;
  readonly #logs: LogSink;
  readonly #fleets = new Map<string, Fleet>();
  readonly #counts = new Map<string, number>();
  readonly #keys = new Map<Environment, Disposable>();
  #house: House | undefined;

  constructor(cloud: ServiceEnvironment, logs: LogSink) {
    this.#cloud = cloud;
    this.#logs = logs;
    cloud.scheduler.onComeBack(() => this.#reset());
  }

  run(target: RunnableFunction, request: RunRequest): Promise<RunResult> {
    const fleet = this.#fleetOf(target);
    const environment = fleet.idle.pop() ?? this.#create(fleet);
    return environment.run(request);
  }

  prepare(targets: readonly RunnableFunction[]): void {
    const { pool } = this.#open();
    for (const target of targets) if (!needsFreshProcess(target)) pool.keep(target, 1);
  }

  retire(functionArn: string, keepRevision?: string): void {
    for (const [key, fleet] of this.#fleets) {
      if (fleet.target.arn !== functionArn || fleet.target.revision === keepRevision) continue;
      this.#fleets.delete(key);
      fleet.isRetired = true;
      for (const environment of fleet.idle.splice(0)) this.#close(fleet, environment);
    }
  }

  /** Back to before the first invocation: the first environments are used first again. */
  #reset(): void {
    for (const fleet of this.#fleets.values()) {
      fleet.isWatched = false;
      for (const environment of fleet.all) environment.reset();
      fleet.idle.sort((a, b) => numberOf(b) - numberOf(a));
      for (const environment of fleet.idle) fleet.idleSince.set(environment, this.#cloud.scheduler.now);
    }
  }

  async stop(): Promise<void> {
    const house = this.#house;
    if (house === undefined) return;
    for (const fleet of this.#fleets.values()) for (const environment of fleet.all) environment.close();
    for (const key of this.#keys.values()) key[Symbol.dispose]();
    house.monitor.stop();
    house.pool.stop();
    await house.supervisor.end();
  }

  #fleetOf(target: RunnableFunction): Fleet {
    const key = `${target.arn}\0${target.revision}`;
    let fleet = this.#fleets.get(key);
    if (fleet === undefined) this.#fleets.set(key, (fleet = newFleet(target)));
    return fleet;
  }

  #create(fleet: Fleet): Environment {
    const house = this.#open();
    const identity = this.#newIdentity(fleet.target, house);
    const environment = new Environment(fleet.target, identity, house, () => {
      if (fleet.isRetired) this.#close(fleet, environment);
      else this.#rest(fleet, environment);
    });
    fleet.all.add(environment);
    this.#keys.set(environment, this.#issueKey(fleet.target, environment));
    return environment;
  }

  #rest(fleet: Fleet, environment: Environment): void {
    const { now } = this.#cloud.scheduler;
    fleet.idle.push(environment);
    fleet.idleSince.set(environment, now);
    if (!fleet.isWatched) this.#watch(fleet, now + IDLE_LIMIT);
  }

  #watch(fleet: Fleet, due: number): void {
    const { arn, name, revision } = fleet.target;
    fleet.isWatched = true;
    const end = (): void => this.#endIdle(fleet);
    this.#cloud.scheduler.wake(`environments/${arn}/${revision}`, due, `idle environments of ${name}`, 0, end, 'decay');
  }

  /** Ends what has been idle for too long; the first of the idle ones has been so for the longest. */
  #endIdle(fleet: Fleet): void {
    fleet.isWatched = false;
    const since = ([environment]: Environment[]): number =>
      (environment && fleet.idleSince.get(environment)) ?? Number.NaN;
    while (since(fleet.idle) <= this.#cloud.scheduler.now - IDLE_LIMIT) {
      const environment = fleet.idle.shift();
      if (environment !== undefined) this.#close(fleet, environment);
    }
    if (fleet.idle.length > 0) this.#watch(fleet, since(fleet.idle) + IDLE_LIMIT);
  }

  #close(fleet: Fleet, environment: Environment): void {
    fleet.all.delete(environment);
    fleet.idleSince.delete(environment);
    environment.close();
    this.#keys.get(environment)?.[Symbol.dispose]();
    this.#keys.delete(environment);
  }

  /** The environment's key stands for a session of the function's role. */
  #issueKey(target: RunnableFunction, environment: Environment): Disposable {
    const { account, name, roleArn, arn } = target;
    const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    const roleId = `AROA${hash('sha256', roleArn, 'hex').slice(0, 17).toUpperCase()}`;
    return this.#cloud.credentials.issue(environment.identity.accessKeyId, {
      principal: {
        kind: 'role',
        account,
        arn: `${arn.slice(0, arn.indexOf(':lambda:'))}:sts::${account}:assumed-role/${role}/${name}`,
        roleArn,
        id: `${roleId}:${name}`,
      },
      invocation: () => environment.invocation,
      secretAccessKey: environment.identity.secretAccessKey,
      sessionToken: environment.identity.sessionToken,
    });
  }

  #newIdentity(target: RunnableFunction, { folder }: House): Identity {
    const { account, region, name, version } = target;
    const counter = `${account} ${region} ${name}`;
    const count = this.#counts.get(counter) ?? 0;
    this.#counts.set(counter, count + 1);
    // By its own name: chance may have begun anew since the one before was made.
    const draws = this.#cloud.random.of(`environment/${counter}.${count}`);
    const day = new Date(this.#cloud.scheduler.now).toISOString().slice(0, 10).replaceAll('-', '/');
    const temporaryFolder = join(folder, `${account}-${region}-${name}.${count}`);
    mkdirSync(temporaryFolder, { recursive: true });
    return {
      name: `${name}.${count}`,
      logStream: `${day}/[${version}]${draws.uuid().replaceAll('-', '')}`,
      temporaryFolder,
      accessKeyId: `ASIA${draws.letters(16)}`,
      secretAccessKey: draws.letters(40),
      sessionToken: draws.letters(80),
    };
  }

  #open(): House {
    if (this.#house !== undefined) return this.#house;
    const { random, scheduler, settings, temporary } = this.#cloud;
    const isVirtual = scheduler.clock === 'virtual';
    const flags = scheduler.isOrdered ? IN_ONE_THREAD : [];
    const folder = temporary.path;
    const marker = `${folder}:${random.of('environments').uuid()}`;
    const supervisor = new Supervisor(marker, folder);
    this.#house = {
      cloud: this.#cloud,
      logs: this.#logs,
      supervisor,
      folder,
      monitor: new Monitor(),
      pool: isVirtual
        ? new ProcessPool(supervisor, marker, [...flags, '--require', VIRTUAL_TIME], ONE_THREAD)
        : new ProcessPool(supervisor, marker, [], {}),
      hosts: () => this.#cloud.scheduler.hosts(),
      compileCache: settings.folder === undefined ? join(folder, 'compiled') : join(settings.folder, 'compiled'),
    };
    return this.#house;
  }
}
