import type { Context } from '../../../kernel/service.ts';
import { Constraints, pattern } from '../constraints.ts';
import { functionNotFound, invalidParameter, resourceNotFound } from '../errors.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { checkTags } from '../tags.ts';

const RESOURCE = pattern(
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)',
);

export const tagResource =
  (dependencies: LambdaDependencies): LambdaOperations['TagResource'] =>
  ({ Resource, Tags = {} }, context) => {
    const tagged = find(dependencies, Resource, context);
    if (Object.keys(Tags).length === 0)
      throw invalidParameter('An error occurred and the request cannot be processed.');
    const tags = { ...tagged.tags, ...Tags };
    checkTags(tags);
    tagged.put(tags);
    return {};
  };

export const untagResource =
  (dependencies: LambdaDependencies): LambdaOperations['UntagResource'] =>
  ({ Resource, TagKeys }, context) => {
    new Constraints().present(TagKeys?.length === 0 ? undefined : TagKeys, 'tagKeys').hold();
    const { tags, put } = find(dependencies, Resource, context);
    const removed = new Set(TagKeys);
    put(Object.fromEntries(Object.entries(tags).filter(([key]) => !removed.has(key))));
    return {};
  };

export const listTags =
  (dependencies: LambdaDependencies): LambdaOperations['ListTags'] =>
  ({ Resource }, context) => ({ Tags: { ...find(dependencies, Resource, context).tags } });

type Tags = Readonly<Record<string, string>>;

/** What has tags, and how it is given others. */
interface Tagged {
  readonly tags: Tags;
  readonly put: (tags: Tags) => void;
}

function find({ functions, stores }: LambdaDependencies, resource: string | undefined, context: Context): Tagged {
  new Constraints().present(resource, 'resource').pattern(resource, 'resource', RESOURCE).hold();
  const [kind, name = '', qualifier] = (resource ?? '').split(':').slice(5);
  if (kind === 'event-source-mapping') {
    const mapping = stores.eventSourceMappings.find(context, name);
    if (mapping === undefined) throw resourceNotFound(`Event source mapping not found: ${resource}`);
    return { tags: mapping.tags, put: (tags) => stores.eventSourceMappings.put({ ...mapping, tags }) };
  }
  if (kind !== 'function') {
    throw invalidParameter(`Skein keeps tags of functions and event source mappings only, not of ${kind}`);
  }
  if (qualifier !== undefined) {
    throw invalidParameter('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  const row = stores.functions.find(context, name);
  if (row === undefined) throw functionNotFound(resource ?? '');
  return { tags: row.tags, put: (tags) => functions.put(context, { ...row, tags }) };
}
