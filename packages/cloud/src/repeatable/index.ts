export { SeededRuns } from './seededRuns.ts';
