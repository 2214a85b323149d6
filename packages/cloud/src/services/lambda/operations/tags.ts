import type { Context } from '../../../kernel/service.ts';
import { Constraints, pattern } from '../constraints.ts';
import { functionNotFound, invalidParameter } from '../errors.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import type { FunctionRow } from '../stores/functionStore.ts';
import { checkTags } from '../tags.ts';

const RESOURCE = pattern(
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)',
);

export const tagResource =
  ({ functions, stores }: LambdaDependencies): LambdaOperations['TagResource'] =>
  ({ Resource, Tags = {} }, context) => {
    const row = taggedFunction(stores, Resource, context);
    if (Object.keys(Tags).length === 0)
      throw invalidParameter('An error occurred and the request cannot be processed.');
    const tags = { ...row.tags, ...Tags };
    checkTags(tags);
    functions.put(context, { ...row, tags });
    return {};
  };

export const untagResource =
  ({ functions, stores }: LambdaDependencies): LambdaOperations['UntagResource'] =>
  ({ Resource, TagKeys }, context) => {
    new Constraints().present(TagKeys?.length === 0 ? undefined : TagKeys, 'tagKeys').hold();
    const row = taggedFunction(stores, Resource, context);
    const removed = new Set(TagKeys);
    functions.put(context, {
      ...row,
      tags: Object.fromEntries(Object.entries(row.tags).filter(([key]) => !removed.has(key))),
    });
    return {};
  };

export const listTags =
  ({ stores }: LambdaDependencies): LambdaOperations['ListTags'] =>
  ({ Resource }, context) => ({ Tags: { ...taggedFunction(stores, Resource, context).tags } });

function taggedFunction(
  { functions }: LambdaDependencies['stores'],
  resource: string | undefined,
  context: Context,
): FunctionRow {
  new Constraints().present(resource, 'resource').pattern(resource, 'resource', RESOURCE).hold();
  const [kind, name = '', qualifier] = (resource ?? '').split(':').slice(5);
  if (kind !== 'function') throw invalidParameter(`Skein keeps tags of functions only, not of ${kind}`);
  if (qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  const row = functions.find(context, name);
  if (row === undefined) throw functionNotFound(resource ?? '');
  return row;
}
