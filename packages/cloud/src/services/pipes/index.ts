import * as sdk from '@aws-sdk/client-pipes';
import type { Scope } from '../../kernel/names.ts';
import { type Access, type Context, defineService, type Service } from '../../kernel/service.ts';
import type { PipesDependencies } from './operation.ts';
import {
  createPipe,
  deletePipe,
  describePipe,
  listPipes,
  startPipe,
  stopPipe,
  updatePipe,
} from './operations/pipes.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { pipeArn } from './pipe.ts';
import { PipeStore } from './pipeStore.ts';
import { Pipes } from './pipes.ts';
import { pipeResource } from './resources.ts';

/** Amazon EventBridge Pipes. */
export const pipes: Service = defineService({
  name: 'pipes',
  sdk,
  actions: 'pipes',
  start: (environment) => {
    const stored = new PipeStore(environment.store);
    const running = new Pipes(environment);
    const dependencies: PipesDependencies = { ...environment, stored, pipes: running };
    return {
      operations: {
        CreatePipe: createPipe(dependencies),
        DeletePipe: deletePipe(dependencies),
        DescribePipe: describePipe(dependencies),
        ListPipes: listPipes(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        StartPipe: startPipe(dependencies),
        StopPipe: stopPipe(dependencies),
        TagResource: tagResource(dependencies),
        UntagResource: untagResource(dependencies),
        UpdatePipe: updatePipe(dependencies),
      },
      authorize: {
        CreatePipe: (input, context) => withRole('pipes:CreatePipe', input, context),
        DeletePipe: onPipe,
        DescribePipe: onPipe,
        ListPipes: () => '*',
        ListTagsForResource: onTagged,
        StartPipe: onPipe,
        StopPipe: onPipe,
        TagResource: onTagged,
        UntagResource: onTagged,
        UpdatePipe: (input, context) => withRole('pipes:UpdatePipe', input, context),
      },
      resources: { 'AWS::Pipes::Pipe': pipeResource },
      resume: () => {
        for (const pipe of stored.all()) running.apply(pipe);
      },
      stop: async () => running.stop(),
    };
  },
});

interface Named {
  readonly Name?: string | undefined;
}

const onPipe = ({ Name = '' }: Named, scope: Scope): string => pipeArn(scope, Name);

const onTagged = ({ resourceArn = '*' }: { readonly resourceArn?: string | undefined }): string => resourceArn;

/** A pipe hands its role to the service. */
const withRole = (
  action: string,
  input: Named & { readonly RoleArn?: string | undefined },
  context: Context,
): readonly Access[] => [
  { action, resource: onPipe(input, context) },
  ...(input.RoleArn === undefined ? [] : [{ action: 'iam:PassRole', resource: input.RoleArn }]),
];
