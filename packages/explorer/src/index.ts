export { pageFolder } from './pageFolder.ts';
