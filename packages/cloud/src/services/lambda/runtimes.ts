import type { Runtime } from '@aws-sdk/client-lambda';
import { invalidParameter } from './errors.ts';

/** Runtimes that functions can be made with, in the order of AWS's message. */
const CURRENT: readonly Runtime[] = [
  'nodejs20.x',
  'python3.14',
  'provided.al2023',
  'python3.12',
  'python3.13',
  'nodejs24.x',
  'nodejs22.x',
  'java25',
  'python3.10',
  'python3.11',
  'java21',
  'ruby3.3',
  'ruby3.4',
  'ruby3.2',
  'python3.8',
  'python3.9',
  'java17',
  'nodejs16.x',
  'dotnet10',
  'dotnet8',
  'java11',
  'dotnet6',
  'nodejs18.x',
  'provided.al2',
  'java8.al2',
];

/** Node runtimes that AWS has ended: a third of the templates in use have one, so they run here. */
const ENDED_NODE = /^nodejs(4\.3|6\.10|8\.10|10\.x|12\.x|14\.x)$/;

/** Other runtimes that AWS has ended. */
const ENDED = /^(java8|go1\.x|provided|ruby2\.[57]|python(2\.7|3\.[67])|dotnetcore[123]\.[01])$/;

/** Whether functions of a runtime run here. */
export const runsHere = (runtime: string | undefined): boolean => runtime?.startsWith('nodejs') === true;

/** Whether AWS has ended a runtime: no function can be made with it there any more. */
export const hasEnded = (runtime: string): boolean => ENDED_NODE.test(runtime) || ENDED.test(runtime);

/** Whether AWS has or had a runtime. */
export const isKnown = (runtime: string): boolean =>
  (CURRENT as readonly string[]).includes(runtime) || hasEnded(runtime);

/** @throws InvalidParameterValueException when AWS knows no such runtime, or has ended it */
export function checkRuntime(runtime: string | undefined): void {
  if (runtime === undefined || (CURRENT as readonly string[]).includes(runtime)) return;
  if (hasEnded(runtime)) {
    throw invalidParameter(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
    );
  }
  throw invalidParameter(
    `Value ${runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${CURRENT.join(', ')}] or be a valid ARN`,
  );
}

/** Values that a layer may say it is for. */
export const LAYER_RUNTIMES: readonly string[] = CURRENT;
