import { test as base, type TestAPI } from 'vitest';
import { type Cloud, type CloudOptions, startCloud } from '../cloud.ts';
import type { App } from '../deploy/app.ts';
import type { DeployOptions } from '../deploy/engine.ts';
import type { AppSource } from '../deploy/source.ts';
import type { ClockMode } from '../kernel/clock.ts';

/** Deploys an app to the test's cloud, once: later calls with the same app and options give the same result. */
export type Deploy = (app: AppSource, options?: DeployOptions) => Promise<App>;

/** What a test gets. */
export interface CloudFixtures {
  /** A running cloud, stopped when its tests are done. */
  readonly cloud: Cloud;
  readonly deploy: Deploy;
}

export interface CloudTestOptions extends Omit<CloudOptions, 'clock'> {
  /**
   * `file`: one cloud for all tests of a file, in their order: what one test leaves, the next one finds. `test`: a new cloud for each.
   *
   * @default 'file'
   */
  readonly scope?: 'file' | 'test';
  /** @default 'virtual' */
  readonly clock?: ClockMode;
}

/**
 * A `test` whose tests get a cloud, in memory and with a virtual clock.
 *
 * @example
 * const test = createTest({ scope: 'test', seed: 7 });
 * test('keeps the order', async ({ cloud, deploy }) => {
 *   const app = await deploy('gallery/simple-web-service');
 *   await fetch(`${app.outputs.Url}/orders`, { method: 'POST', body });
 *   await expect(cloud).toSettle();
 *   expect(cloud).toHaveHop({ service: 'dynamodb', operation: 'PutItem', causedBy: { service: 'lambda' } });
 * });
 */
export function createTest(options: CloudTestOptions = {}): TestAPI<CloudFixtures> {
  const { scope = 'file', ...cloudOptions } = options;
  // vitest reads from the pattern which fixtures this one needs: none.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  const start = async ({}: object, { onCleanup }: { onCleanup: (cleanup: () => Promise<void>) => void }) => {
    const cloud = await startCloud({ clock: 'virtual', ...cloudOptions });
    onCleanup(() => cloud.stop());
    return cloud;
  };
  const deploy = ({ cloud }: { readonly cloud: Cloud }): Deploy => deployOnce(cloud);
  // Both have the same fixtures; vitest's types also say in which hooks they may be used.
  return scope === 'file'
    ? (base
        .extend('cloud', { scope: 'file' }, start)
        .extend('deploy', { scope: 'file' }, deploy) as unknown as TestAPI<CloudFixtures>)
    : (base.extend('cloud', start).extend('deploy', deploy) as unknown as TestAPI<CloudFixtures>);
}

/** A `test` with one cloud for each file. */
export const test: TestAPI<CloudFixtures> = createTest();

function deployOnce(cloud: Cloud): Deploy {
  const deployed = new Map<AppSource, Map<string, Promise<App>>>();
  return (app, options = {}) => {
    const ofApp = deployed.get(app) ?? new Map<string, Promise<App>>();
    deployed.set(app, ofApp);
    const key = JSON.stringify(options);
    const result = ofApp.get(key) ?? cloud.deploy(app, options);
    ofApp.set(key, result);
    // One that failed may be tried again.
    result.catch(() => ofApp.delete(key));
    return result;
  };
}
