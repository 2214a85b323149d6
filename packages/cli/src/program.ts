import { Argument, Command as Commander, Option as CommanderOption, InvalidArgumentError } from 'commander';
import type { Command, Option, Options } from './command.ts';

/** What was asked for on the command line. */
export interface Request {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>> & { readonly argument: string };
  readonly json: boolean;
}

export interface ProgramOptions {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly onRequest: (request: Request) => void;
}

/** The parser of the command line, made from the commands' data. */
export function createProgram({ commands, version, write, writeError, onRequest }: ProgramOptions): Commander {
  const program = new Commander('skein')
    .description('Runs a CDK app, or any CloudFormation template, on this machine.')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError("Run 'skein --help' to see what there is.")
    .configureOutput({ writeOut: write, writeErr: writeError })
    .exitOverride();
  for (const command of commands) {
    const [noun, verb] = command.name.split(' ');
    const home = verb === undefined ? program : nounOf(program, noun ?? '');
    home.addCommand(parserOf(command, verb ?? command.name, onRequest).copyInheritedSettings(program));
  }
  return program;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  event: 'Events of a running cloud',
  queue: 'Queues of a running cloud: look into them, send, purge, redrive',
};

/** The command under which all that can be done to a noun stands: `queue`, of `queue peek`. */
function nounOf(program: Commander, noun: string): Commander {
  const known = program.commands.find((command) => command.name() === noun);
  if (known !== undefined) return known;
  const parser = new Commander(noun)
    .copyInheritedSettings(program)
    .description(DESCRIPTIONS[noun] ?? '')
    .usage('<command> [options]')
    .action(() => parser.help({ error: true }));
  program.addCommand(parser);
  return parser;
}

function parserOf(command: Command, name: string, onRequest: (request: Request) => void): Commander {
  const parser = new Commander(name).description(command.describe);
  const { argument } = command;
  if (argument !== undefined) {
    const positional = new Argument(
      argument.default === undefined ? `<${argument.name}>` : `[${argument.name}]`,
      argument.describe,
    );
    parser.addArgument(argument.default === undefined ? positional : positional.default(argument.default));
  }
  for (const [name, option] of Object.entries(command.options)) parser.addOption(optionOf(name, option));
  parser.addOption(new CommanderOption('--json', 'print one JSON object a line instead of text'));
  if (command.examples !== undefined) {
    parser.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
  }
  return parser.action((...parameters: unknown[]) => {
    const { json = false, ...given } = parser.opts<{ json?: boolean }>();
    const positional = argument === undefined ? '' : String(parameters[0]);
    onRequest({ command, json, values: { ...withAbsent(command.options), ...given, argument: positional } });
  });
}

/** What options are when nothing was said. */
const withAbsent = (options: Options): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(options).map(([name, { type }]) => [
      name,
      type === 'boolean' ? false : type === 'pairs' ? {} : undefined,
    ]),
  );

/** `skipUnsupported` as it is typed: `--skip-unsupported`; `freeze`, which is on by default: `--no-freeze`. */
export const flagOf = (name: string, { type, ...option }: Option): string =>
  `--${type === 'boolean' && 'default' in option ? 'no-' : ''}${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function optionOf(name: string, option: Option): CommanderOption {
  const flag = flagOf(name, option);
  switch (option.type) {
    case 'boolean':
      return new CommanderOption(flag, option.describe);
    case 'choice':
      return new CommanderOption(`${flag} <${name}>`, option.describe).choices(option.choices).default(option.default);
    case 'number':
      return withDefault(
        new CommanderOption(`${flag} <${option.value}>`, option.describe).argParser(readNumber),
        option.default,
      );
    case 'string':
      return withDefault(new CommanderOption(`${flag} <${option.value}>`, option.describe), option.default);
    case 'pairs':
      return new CommanderOption(`${flag} <${option.value}>`, option.describe).argParser(readPair);
  }
}

const withDefault = (option: CommanderOption, value: string | number | undefined): CommanderOption =>
  value === undefined ? option : option.default(value);

function readNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number of 0 or more.');
  return Number(text);
}

function readPair(text: string, known: Readonly<Record<string, string>> = {}): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as key=value.');
  return { ...known, [text.slice(0, equals)]: text.slice(equals + 1) };
}
