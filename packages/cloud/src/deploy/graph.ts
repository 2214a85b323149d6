import { DeployError } from './errors.ts';
import { references } from './intrinsics.ts';
import type { ResourceDeclaration } from './template.ts';

/** For each resource the ones that it needs. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which resource needs which: by `Ref`, `Fn::GetAtt`, `Fn::Sub` and `DependsOn`.
 *
 * @param resources - those that are made: whose condition holds
 * @throws {DeployError} that names a circle, or what `DependsOn` names and the template lacks
 */
export function dependencyGraph(
  resources: Readonly<Record<string, ResourceDeclaration>>,
  declared: Readonly<Record<string, ResourceDeclaration>>,
): Graph {
  const graph = new Map<string, ReadonlySet<string>>();
  for (const [logicalId, { Properties, DependsOn = [] }] of Object.entries(resources)) {
    const needs = references(Properties, resources);
    for (const name of [DependsOn].flat()) {
      if (!Object.hasOwn(declared, name))
        throw new DeployError(`Resources.${logicalId}.DependsOn names '${name}', which is no resource of the template`);
      if (Object.hasOwn(resources, name)) needs.add(name);
    }
    graph.set(logicalId, needs);
  }
  const circle = circleOf(graph);
  if (circle !== undefined)
    throw new DeployError(`resources depend on each other in a circle: ${[...circle, circle[0]].join(' -> ')}`);
  return graph;
}

function circleOf(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (name: string): string[] | undefined => {
    const at = path.indexOf(name);
    if (at >= 0) return path.slice(at);
    if (done.has(name)) return undefined;
    path.push(name);
    for (const need of graph.get(name) ?? []) {
      const circle = visit(need);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const circle = visit(name);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/**
 * Runs `work` for each name when all that it needs is done, as many at a time as can. After the first failure nothing new is begun; when what
 * runs has ended, all errors are given.
 */
export async function inOrder(
  graph: Graph,
  work: (name: string) => Promise<void>,
): Promise<readonly { name: string; error: unknown }[]> {
  const errors: { name: string; error: unknown }[] = [];
  const runs = new Map<string, Promise<void>>();
  const run = (name: string): Promise<void> => {
    const known = runs.get(name);
    if (known !== undefined) return known;
    const needs = [...(graph.get(name) ?? [])].filter((need) => graph.has(need));
    const started = Promise.all(needs.map(run)).then(async () => {
      if (errors.length > 0) return;
      try {
        await work(name);
      } catch (error) {
        errors.push({ name, error });
      }
    });
    runs.set(name, started);
    return started;
  };
  await Promise.all([...graph.keys()].map(run));
  return errors;
}

/** The same resources with every arrow turned round: for deleting. */
export function reversed(graph: Graph): Graph {
  const result = new Map<string, Set<string>>([...graph.keys()].map((name) => [name, new Set()]));
  for (const [name, needs] of graph) for (const need of needs) result.get(need)?.add(name);
  return result;
}
