import type { Command, Option } from '../../packages/cli/src/command.ts';
import { flagOf } from '../../packages/cli/src/program.ts';

/** The page that says what the command can do. */
export function commandPage(commands: readonly Command[]): string {
  const lines = [
    '# The command',
    '',
    'Generated from the code by `npm run docs`. Every command also takes `--json` (one JSON object a line: `code`, `kind`, `message`, `data`) and',
    '`--help`. Exit codes: 0 done, 1 failed, 2 wrong usage.',
  ];
  for (const { name, describe, argument, options, examples } of commands) {
    const positional =
      argument === undefined ? '' : argument.default === undefined ? ` <${argument.name}>` : ` [${argument.name}]`;
    lines.push('', `## skein ${name}${positional}`, '', `${describe}.`);
    if (argument !== undefined) {
      lines.push(
        '',
        `\`${argument.name}\`: ${argument.describe}${argument.default === undefined ? '' : ` (default \`${argument.default}\`)`}.`,
      );
    }
    const entries = Object.entries(options);
    if (entries.length > 0) {
      lines.push('', '| Option | | Default |', '| --- | --- | --- |');
      for (const [key, option] of entries)
        lines.push(
          `| \`${flagOf(key, option)}${placeholderOf(key, option)}\` | ${option.describe} | ${defaultOf(option)} |`,
        );
    }
    if (examples !== undefined) lines.push('', '```sh', ...examples, '```');
  }
  return `${lines.join('\n')}\n`;
}

const placeholderOf = (key: string, option: Option): string => {
  if (option.type === 'boolean') return '';
  return option.type === 'choice' ? ` <${option.choices.join('\\|')}>` : ` <${'value' in option ? option.value : key}>`;
};

const defaultOf = (option: Option): string =>
  'default' in option && option.type !== 'boolean' && option.default !== undefined ? `\`${option.default}\`` : '–';
