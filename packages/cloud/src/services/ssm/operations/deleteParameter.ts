import type { Scope } from '../../../kernel/names.ts';
import { check, list, text } from '../constraints.ts';
import { parameterNotFound } from '../errors.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { referenceOf } from '../parameter.ts';

const MOST_NAMES = 10;

export const deleteParameter =
  (dependencies: SsmDependencies): SsmOperations['DeleteParameter'] =>
  ({ Name }, context) => {
    check(text('name', Name, 2048));
    if (!remove(dependencies, context, referenceOf(Name ?? '').name)) throw parameterNotFound();
    return {};
  };

export const deleteParameters =
  (dependencies: SsmDependencies): SsmOperations['DeleteParameters'] =>
  ({ Names = [] }, context) => {
    check(list('names', Names, MOST_NAMES));
    const DeletedParameters: string[] = [];
    const InvalidParameters: string[] = [];
    for (const name of new Set(Names)) {
      const removed = remove(dependencies, context, referenceOf(name).name);
      (removed ? DeletedParameters : InvalidParameters).push(name);
    }
    return { DeletedParameters, InvalidParameters };
  };

function remove({ parameters, labels, tags }: SsmDependencies, scope: Scope, name: string): boolean {
  labels.removeAll(scope, name);
  tags.removeAll(scope, name);
  return parameters.remove(scope, name);
}
