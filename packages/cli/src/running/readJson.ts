import { CommandError } from '../errors.ts';

/** The value of a text that a user typed. @throws {CommandError} that says where it is no JSON */
export function readJson(text: string, flag: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${flag} is no JSON: ${why}`, { exitCode: 2, cause: error });
  }
}
