import type { Store } from '../kernel/store.ts';
import { DeployEngine, type EngineTools } from './engine.ts';
import { StackStore } from './stacks.ts';

/** The deploy engine of a cloud. */
export const newEngine = ({ store, ...tools }: Omit<EngineTools, 'stacks'> & { readonly store: Store }): DeployEngine =>
  new DeployEngine({ ...tools, stacks: new StackStore(store) });
