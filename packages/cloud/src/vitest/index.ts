import { addMatchers } from './matchers.ts';

addMatchers();

export type { ExploreContext, ExploreTest, FaultPlan, FaultTarget, StrategyName } from '../explore/index.ts';
export { type ExploreTestOptions, explore } from './explore.ts';
export { type CloudFixtures, type CloudTestOptions, createTest, type Deploy, test } from './fixture.ts';
export type { HopMatch } from './hopMatch.ts';
export type { CloudMatchers } from './matchers.ts';
