import type { Scope } from '../../../kernel/names.ts';
import { notFound } from '../errors.ts';
import type { ApiGatewayDependencies, ApiGatewayOperations } from '../operation.ts';

export const getTags =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['GetTags'] =>
  ({ ResourceArn = '' }, context) => ({ Tags: taggedAt(dependencies, context, ResourceArn).tags });

export const tagResource =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['TagResource'] =>
  ({ ResourceArn = '', Tags = {} }, context) => {
    const tagged = taggedAt(dependencies, context, ResourceArn);
    tagged.put({ ...tagged.tags, ...Tags });
    return {};
  };

export const untagResource =
  (dependencies: ApiGatewayDependencies): ApiGatewayOperations['UntagResource'] =>
  ({ ResourceArn = '', TagKeys = [] }, context) => {
    const tagged = taggedAt(dependencies, context, ResourceArn);
    tagged.put(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !TagKeys.includes(key))));
    return {};
  };

interface Tagged {
  readonly tags: Record<string, string>;
  put(tags: Record<string, string>): void;
}

/** An API or a stage. @throws NotFoundException */
function taggedAt({ stores }: ApiGatewayDependencies, scope: Scope, resourceArn: string): Tagged {
  const [, apiId, stageName] =
    /^arn:[\w-]+:apigateway:[\w-]+::\/apis\/([^/]+)(?:\/stages\/([^/]+))?$/.exec(resourceArn) ?? [];
  if (apiId === undefined) throw notFound(`Invalid resource identifier specified: ${resourceArn}`);
  const api = stores.apis.get(scope, apiId);
  if (stageName === undefined) {
    return { tags: api.Tags, put: (Tags) => stores.apis.put(scope, { ...api, Tags }) };
  }
  const stage = stores.stages.get(apiId, stageName);
  return { tags: stage.Tags ?? {}, put: (Tags) => stores.stages.put(apiId, { ...stage, Tags }) };
}
