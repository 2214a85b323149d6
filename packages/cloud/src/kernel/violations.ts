/** One input member that does not fit its model. */
export interface Violation {
  /** The member's path, as AWS writes it: `logEvents.1.member.message`. */
  readonly at: string;
  /** What it is; left out where AWS does not show it. */
  readonly value?: unknown;
  /** What it must: `have length greater than or equal to 1`. */
  readonly must: string;
}

type Candidate = Violation | false | undefined;

/**
 * A service's check of inputs against their model.
 *
 * @param errorOf - the service's error with AWS's text of all violations: `2 validation errors detected: …`
 */
export const violationCheck =
  (errorOf: (message: string) => Error) =>
  (...candidates: readonly Candidate[]): void => {
    const found = candidates.filter((candidate) => typeof candidate === 'object');
    if (found.length === 0) return;
    const lines = found.map(
      (violation) =>
        `Value ${shown(violation)}at '${violation.at}' failed to satisfy constraint: Member must ${violation.must}`,
    );
    throw errorOf(`${found.length} validation error${found.length === 1 ? '' : 's'} detected: ${lines.join('; ')}`);
  };

function shown(violation: Violation): string {
  if (!('value' in violation)) return '';
  return violation.value === undefined || violation.value === null ? 'null ' : `'${String(violation.value)}' `;
}
