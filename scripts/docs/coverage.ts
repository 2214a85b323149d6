import type { ServiceCoverage } from './services.ts';

/** The page that says what of AWS there is. */
export function coveragePage(services: readonly ServiceCoverage[]): string {
  const lines = [
    '# Coverage',
    '',
    'Generated from the code by `npm run docs`. An operation that is not served answers `NotImplemented` and names itself. A property of a template',
    'that is in neither list is reported at deploy, with its path.',
    '',
    '| Service | Operations | Resource types |',
    '| --- | --- | --- |',
    ...services.map(
      ({ name, operations, served, resourceTypes }) =>
        `| [${name}](#${name}) | ${served.length} of ${operations.length} | ${resourceTypes.length} |`,
    ),
  ];
  for (const { name, operations, served, resourceTypes } of services) {
    const missing = operations.filter((operation) => !served.includes(operation));
    lines.push('', `## ${name}`, '', `**Served**: ${listOf(served)}`);
    if (missing.length > 0)
      lines.push(
        '',
        '<details>',
        `<summary>Not served (${missing.length})</summary>`,
        '',
        listOf(missing),
        '',
        '</details>',
      );
    if (resourceTypes.length === 0) continue;
    lines.push('', '| Resource type | Honoured | Accepted, without effect |', '| --- | --- | --- |');
    for (const { type, honours, accepts } of resourceTypes) {
      lines.push(`| \`${type}\` | ${listOf(honours)} | ${listOf(accepts)} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const listOf = (names: readonly string[]): string => (names.length === 0 ? '–' : names.join(', '));
