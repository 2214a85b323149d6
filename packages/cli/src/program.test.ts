import { describe, expect, it } from 'vitest';
import { type Command, defineCommand } from './command.ts';
import { createProgram, flagOf, type Request } from './program.ts';

const paint: Command = defineCommand({
  name: 'paint',
  describe: 'Paint something',
  argument: { name: 'what', describe: 'what to paint', default: 'wall' },
  options: {
    coats: { type: 'number', value: 'number', describe: 'how many', default: 2 },
    colour: { type: 'string', value: 'name', describe: 'which' },
    finish: { type: 'choice', choices: ['matt', 'gloss'], describe: 'how', default: 'matt' },
    dryRun: { type: 'boolean', describe: 'only look' },
    clean: { type: 'boolean', describe: 'leave the brushes', default: true },
    mix: { type: 'pairs', value: 'key=value', describe: 'what to mix in' },
  },
  run: async () => undefined,
});

function parse(...parameters: string[]): { request: Request | undefined; written: string } {
  let request: Request | undefined;
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const program = createProgram({
    commands: [paint],
    version: '1.2.3',
    write,
    writeError: write,
    onRequest: (asked) => {
      request = asked;
    },
  });
  try {
    program.parse(parameters, { from: 'user' });
  } catch {
    // What it said is looked at.
  }
  return { request, written };
}

describe('the parser made from a command', () => {
  it('gives every option a value when nothing is said', () => {
    expect(parse('paint').request).toEqual({
      command: paint,
      json: false,
      values: { argument: 'wall', coats: 2, colour: undefined, finish: 'matt', dryRun: false, clean: true, mix: {} },
    });
  });

  it('reads every kind of option', () => {
    const typed = 'paint door --coats 3 --colour red --finish gloss --dry-run --no-clean --mix a=1 --mix b=2=3 --json';
    expect(parse(...typed.split(' ')).request).toMatchObject({
      json: true,
      values: {
        argument: 'door',
        coats: 3,
        colour: 'red',
        finish: 'gloss',
        dryRun: true,
        clean: false,
        mix: { a: '1', b: '2=3' },
      },
    });
  });

  it.each([
    [['paint', '--coats', 'many'], 'It must be a whole number of 0 or more.'],
    [['paint', '--finish', 'rough'], 'Allowed choices are matt, gloss.'],
    [['paint', '--mix', 'sand'], 'Write it as key=value.'],
    [['paint', '--nope'], "unknown option '--nope'"],
    [['polish'], "unknown command 'polish'"],
  ])('refuses %j', (parameters, reason) => {
    const { request, written } = parse(...parameters);
    expect(request).toBeUndefined();
    expect(written).toContain(reason);
  });

  it('prints help and version', () => {
    expect(parse('--version').written).toBe('1.2.3\n');
    expect(parse('paint', '--help').written).toContain('--dry-run');
  });
});

it('names flags as they are typed', () => {
  expect(flagOf('skipUnsupported', { type: 'boolean', describe: '' })).toBe('--skip-unsupported');
  expect(flagOf('freeze', { type: 'boolean', describe: '', default: true })).toBe('--no-freeze');
});
