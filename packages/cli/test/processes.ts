import { execFileSync } from 'node:child_process';

/** The processes that a process has started, and they in turn. */
export function descendantsOf(pid: number): number[] {
  const children = Map.groupBy(table(), ({ parent }) => parent);
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

/** Whether a process is there and not just waiting to be fetched by its parent. */
export function isRunning(pid: number): boolean {
  return table().some((process) => process.pid === pid && !process.state.startsWith('Z'));
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
}

const table = (): Row[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state };
    });
