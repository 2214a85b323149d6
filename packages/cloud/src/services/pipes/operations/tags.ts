import { parseArn } from '../../../kernel/names.ts';
import { notFound } from '../errors.ts';
import type { PipesDependencies, PipesOperations } from '../operation.ts';
import type { Pipe } from '../pipe.ts';

interface Tagged {
  readonly resourceArn?: string | undefined;
}

export const tagResource =
  (dependencies: PipesDependencies): PipesOperations['TagResource'] =>
  ({ tags = {}, ...input }) => {
    const pipe = taggedOf(dependencies, input);
    dependencies.stored.put({ ...pipe, tags: { ...pipe.tags, ...tags } });
    return {};
  };

export const untagResource =
  (dependencies: PipesDependencies): PipesOperations['UntagResource'] =>
  ({ tagKeys = [], ...input }) => {
    const pipe = taggedOf(dependencies, input);
    const tags = Object.fromEntries(Object.entries(pipe.tags).filter(([key]) => !tagKeys.includes(key)));
    dependencies.stored.put({ ...pipe, tags });
    return {};
  };

export const listTagsForResource =
  (dependencies: PipesDependencies): PipesOperations['ListTagsForResource'] =>
  (input) => ({ tags: { ...taggedOf(dependencies, input).tags } });

function taggedOf({ stored }: PipesDependencies, { resourceArn = '' }: Tagged): Pipe {
  const arn = parseArn(resourceArn);
  const name = /^pipe\/(.+)$/.exec(arn?.resource ?? '')?.[1] ?? '';
  const pipe = arn === undefined ? undefined : stored.find(arn, name);
  if (pipe === undefined) throw notFound(name || resourceArn);
  return pipe;
}
