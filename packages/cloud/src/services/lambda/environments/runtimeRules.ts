/** How a runtime of AWS differs from the others, as far as its processes are concerned. */
export interface RuntimeRules {
  /** Of the Runtime Interface Client: 3 up to nodejs22.x, 4 from nodejs24.x on. */
  readonly generation: 3 | 4;
  /** Of the command line: what Node could not do then, or not yet. */
  readonly flags: readonly string[];
}

const NO_REQUIRE_OF_MODULES = '--no-experimental-require-module';
const NO_DETECTION_OF_MODULES = '--no-experimental-detect-module';

/** The rules of `nodejs22.x`. Node runtimes that AWS has ended run by those of nodejs20.x. */
export function rulesOf(runtime: string): RuntimeRules {
  const major = Number(/^nodejs(\d+)/.exec(runtime)?.[1] ?? 20);
  if (major >= 24) return { generation: 4, flags: [] };
  const flags = major === 22 ? [NO_REQUIRE_OF_MODULES, NO_DETECTION_OF_MODULES] : [NO_REQUIRE_OF_MODULES];
  return { generation: 3, flags: flags.filter((flag) => process.allowedNodeEnvironmentFlags.has(flag)) };
}

/** The flags of the process of a function: those of its runtime, and V8's part of its memory. */
export function nodeFlags(runtime: string, memoryMegabytes: number): string[] {
  return [
    ...rulesOf(runtime).flags,
    `--max-old-space-size=${Math.floor(memoryMegabytes * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMegabytes * 0.05))}`,
  ];
}
