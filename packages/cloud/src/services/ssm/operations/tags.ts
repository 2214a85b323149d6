import type { Scope } from '../../../kernel/names.ts';
import { invalidResourceId, invalidResourceType } from '../errors.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { referenceOf } from '../parameter.ts';

export const addTagsToResource =
  (dependencies: SsmDependencies): SsmOperations['AddTagsToResource'] =>
  ({ ResourceType = '', ResourceId = '', Tags = [] }, context) => {
    const name = parameterNamed(dependencies, context, ResourceType, ResourceId);
    for (const { Key = '', Value = '' } of Tags) dependencies.tags.put(context, name, Key, Value);
    return {};
  };

export const removeTagsFromResource =
  (dependencies: SsmDependencies): SsmOperations['RemoveTagsFromResource'] =>
  ({ ResourceType = '', ResourceId = '', TagKeys = [] }, context) => {
    const name = parameterNamed(dependencies, context, ResourceType, ResourceId);
    for (const key of TagKeys) dependencies.tags.remove(context, name, key);
    return {};
  };

export const listTagsForResource =
  (dependencies: SsmDependencies): SsmOperations['ListTagsForResource'] =>
  ({ ResourceType = '', ResourceId = '' }, context) => {
    const name = parameterNamed(dependencies, context, ResourceType, ResourceId);
    return { TagList: Array.from(dependencies.tags.of(context, name), ([Key, Value]) => ({ Key, Value })) };
  };

function parameterNamed({ parameters }: SsmDependencies, scope: Scope, type: string, id: string): string {
  if (type !== 'Parameter') throw invalidResourceType(type);
  const { name } = referenceOf(id);
  if (parameters.find(scope, name) === undefined) throw invalidResourceId();
  return name;
}
