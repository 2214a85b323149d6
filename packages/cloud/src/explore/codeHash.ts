import { hash } from 'node:crypto';
import type { DeployedStack } from '../deploy/engine.ts';

/**
 * Hashes of what runs, by part: each stack's template, each function's code, the test's body. A part that an assets' hash stands for in the
 * template changes the template too.
 */
export function codeHashes(stacks: readonly DeployedStack[], test: { toString(): string }): Record<string, string> {
  const parts: [string, string][] = [['the test', String(test)]];
  for (const { stack, resources } of stacks) {
    parts.push([`the template of ${stack.name}`, stack.template]);
    for (const { logicalId, type, properties, fingerprint } of resources) {
      if (!type.endsWith('::Function')) continue;
      parts.push([`the code of ${logicalId}`, fingerprint ?? JSON.stringify(properties['Code'])]);
    }
  }
  return Object.fromEntries(parts.map(([name, text]) => [name, hash('sha256', text, 'hex').slice(0, 16)]));
}

/** The parts that differ, were added, or are gone. */
export function changedParts(
  recorded: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const all = new Set([...Object.keys(recorded), ...Object.keys(now)]);
  return [...all].filter((name) => recorded[name] !== now[name]).sort();
}
