export { startEnvironments } from './environments.ts';
