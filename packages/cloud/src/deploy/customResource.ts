import type { Deployment, Resource, ResourceType } from '../kernel/resourceType.ts';
import { DeployError } from './errors.ts';
import type { CustomResourceResponse, Responses } from './responses.ts';

type Properties = Readonly<Record<string, unknown>>;

export interface CustomResourceTools {
  readonly responses: Responses;
  /** The address of the main port. */
  readonly endpoint: () => string;
  readonly newToken: () => string;
  /** The cloud's time, ms. */
  readonly now: () => number;
}

/** How long CloudFormation waits for a response, unless `ServiceTimeout` says less. */
const DEFAULT_TIMEOUT_SECONDS = 3600;

/**
 * `AWS::CloudFormation::CustomResource` and `Custom::*`: made by a function, which is told what to do and tells the result to a response URL.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export function customResource(type: string, tools: CustomResourceTools): ResourceType<Properties> {
  const request = (
    kind: 'Create' | 'Update' | 'Delete',
    properties: Properties,
    deployment: Deployment,
    more: Properties = {},
  ) =>
    ask(
      tools,
      { RequestType: kind, ResourceType: type, ResourceProperties: asTexts(properties), ...more },
      properties,
      deployment,
    );
  return {
    honours: [],
    accepts: [],
    async create(properties, deployment) {
      return resourceOf(await request('Create', properties, deployment), deployment.physicalName(64));
    },
    async update({ physicalId }, properties, previous, deployment) {
      const more = { PhysicalResourceId: physicalId, OldResourceProperties: asTexts(previous) };
      return resourceOf(await request('Update', properties, deployment, more), physicalId);
    },
    async delete({ physicalId }, properties, deployment) {
      await request('Delete', properties, deployment, { PhysicalResourceId: physicalId });
    },
  };
}

const resourceOf = ({ PhysicalResourceId, Data }: CustomResourceResponse, fallback: string): Resource => ({
  physicalId: PhysicalResourceId ?? fallback,
  attributes: Data ?? {},
});

/** CloudFormation gives a function every number and boolean as text. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asTexts(item)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

async function ask(
  tools: CustomResourceTools,
  event: Properties,
  properties: Properties,
  deployment: Deployment,
): Promise<CustomResourceResponse> {
  const { ServiceToken: serviceToken, ServiceTimeout: serviceTimeout } = properties;
  if (typeof serviceToken !== 'string')
    throw new DeployError(
      'the property ServiceToken is missing: it is the ARN of the function that makes the resource',
    );
  if (!serviceToken.includes(':lambda:'))
    throw new DeployError(`ServiceToken is ${serviceToken}, but only functions are supported`);
  const { path, response, cancel } = tools.responses.expect(tools.newToken());
  const payload = {
    ...event,
    ServiceToken: serviceToken,
    ResponseURL: `${tools.endpoint()}${path}`,
    StackId: deployment.stackId,
    RequestId: tools.newToken(),
    LogicalResourceId: deployment.logicalId,
  };
  const { activity } = deployment.context;
  const timeoutSeconds = Number(serviceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
  const late = Promise.withResolvers<CustomResourceResponse>();
  // Before the wait: while nothing but waits is left, a virtual clock moves to the first of them.
  const failed = invoke(serviceToken, payload, deployment);
  const wait = activity.waitUntil(tools.now() + timeoutSeconds * 1000, () => {
    late.resolve({
      Status: 'FAILED',
      Reason: `CloudFormation did not receive a response from the function within ${timeoutSeconds} s`,
    });
  });
  try {
    const answer = await Promise.race([response, late.promise, failed]);
    if (answer.Status === 'SUCCESS') return answer;
    throw new DeployError(
      `the custom resource's function said that it failed: ${answer.Reason ?? 'it gave no reason'}`,
    );
  } finally {
    wait.cancel();
    cancel();
  }
}

/** Settles only when the function ended with an error: a function that answers later (through another) is waited for. */
async function invoke(functionArn: string, payload: object, { aws }: Deployment): Promise<CustomResourceResponse> {
  const { FunctionError: functionError, Payload: answer } = await aws.lambda.Invoke({
    FunctionName: functionArn,
    InvocationType: 'RequestResponse',
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  if (functionError === undefined) return new Promise(() => undefined);
  const { errorType = functionError, errorMessage = '' } = JSON.parse(
    Buffer.from(answer ?? []).toString('utf8') || '{}',
  );
  return { Status: 'FAILED', Reason: `${errorType}: ${errorMessage}` };
}
