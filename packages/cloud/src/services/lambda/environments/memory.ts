import { readFileSync } from 'node:fs';

/** What the system says of a process. */
export interface Usage {
  /** MB that are resident now. */
  readonly resident: number;
  /** MB that were at the most. */
  readonly peak: number;
}

/** Of a running process; undefined where the system has no /proc, and when it has ended. */
export function memoryOf(pid: number): Usage | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'latin1');
    return { resident: megabytes(text, 'VmRSS:'), peak: megabytes(text, 'VmHWM:') };
  } catch {
    return undefined;
  }
}

/** ms of CPU that a process has used. */
export function cpuOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // After the name, which may hold spaces and brackets: state is field 3, user time 14, system time 15, in ticks of 10 ms.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

function megabytes(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? 0 : Math.ceil(Number.parseInt(text.slice(at + name.length), 10) / 1024);
}
