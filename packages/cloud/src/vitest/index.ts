import { addMatchers } from './matchers.ts';

addMatchers();

export { type CloudFixtures, type CloudTestOptions, createTest, type Deploy, test } from './fixture.ts';
export type { HopMatch } from './hopMatch.ts';
export type { CloudMatchers } from './matchers.ts';
