import { answer } from '../answer.ts';
import { check, list, text } from '../constraints.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { referenceOf } from '../parameter.ts';

const MAX_NAME = 2048;
const MOST_NAMES = 10;

export const getParameter =
  ({ parameters }: SsmDependencies): SsmOperations['GetParameter'] =>
  ({ Name, WithDecryption }, context) => {
    check(text('name', Name, MAX_NAME));
    const reference = referenceOf(Name ?? '');
    return { Parameter: answer(parameters.get(context, reference), context, WithDecryption, reference.selector) };
  };

export const getParameters =
  ({ parameters }: SsmDependencies): SsmOperations['GetParameters'] =>
  ({ Names = [], WithDecryption }, context) => {
    check(list('names', Names, MOST_NAMES));
    const found = [];
    const invalid = [];
    for (const name of new Set(Names)) {
      const reference = referenceOf(name);
      try {
        found.push(answer(parameters.get(context, reference), context, WithDecryption, reference.selector));
      } catch (error) {
        if (!(error instanceof Error) || !MISSING.has(error.name)) throw error;
        invalid.push(name);
      }
    }
    return { Parameters: found, InvalidParameters: invalid };
  };

const MISSING: ReadonlySet<string> = new Set(['ParameterNotFound', 'ParameterVersionNotFound']);
