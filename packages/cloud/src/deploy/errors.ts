/** A deploy that was refused or failed. What stood before still stands. The message says what to do. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
  /** What is wrong, a line each. */
  readonly problems: readonly string[];

  constructor(summary: string, problems: readonly string[] = [], options?: ErrorOptions) {
    super([summary, ...problems.map((problem) => `  - ${problem}`)].join('\n'), options);
    this.problems = problems;
  }
}
