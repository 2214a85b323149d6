import fc from 'fast-check';
import { expect } from 'vitest';
import type { Shape } from '../../src/protocols/schema.ts';
import { arbitraryError, arbitraryInput, arbitraryOutput, type WireLimits } from './arbitraryValue.ts';
import type { FakeService } from './fakeService.ts';
import { differences, tidied } from './tidied.ts';

/** What the round trips need of an SDK client: of any, so that the types of its commands are left out. */
export interface AnyClient {
  send(command: never): Promise<unknown>;
  destroy(): void;
  readonly middlewareStack: { add(middleware: never, options: never): void };
}

export interface RoundTripOptions {
  readonly fake: FakeService;
  readonly sdk: Readonly<Record<string, unknown>>;
  readonly client: AnyClient;
  readonly limits: WireLimits;
  readonly runs: number;
  /** Differences that are what the client adds. */
  readonly added?: RegExp;
}

/** The seed of all round trips: a failure comes again. */
const SEED = Number(process.env['CONTRACT_SEED'] ?? 20261124);

/** Has the client's requests go through `node:http`: the fast path leaves a request with this header alone. */
export function avoidFastPath(client: AnyClient): void {
  const middleware = (next: (call: Call) => unknown) => (call: Call) => {
    call.request.headers['te'] = 'trailers';
    return next(call);
  };
  const options = { step: 'finalizeRequest', priority: 'low', name: 'avoidFastPath' };
  client.middlewareStack.add(middleware as never, options as never); // a middleware of any client
}

interface Call {
  readonly request: { readonly headers: Record<string, string> };
}

interface SdkOutput {
  readonly $metadata: { readonly requestId?: string };
  readonly [member: string]: unknown;
}

/** The command class of an operation: every one has its own. */
type CommandClass = new (input: unknown) => never;

/** Sends random inputs of an operation, has them answered with random outputs, and checks that both arrive as they were. */
export async function roundTrip(name: string, options: RoundTripOptions): Promise<void> {
  const { fake, sdk, client, limits, runs, added = /^$/ } = options;
  const operation = fake.schema.operations.get(name);
  if (operation === undefined) throw new RangeError(`there is no operation ${name}`);
  const Command = sdk[`${name}Command`] as CommandClass; // by its name
  const tidy = (value: unknown): unknown => tidied(value, limits.empties);
  await fc.assert(
    fc.asyncProperty(arbitraryInput(operation, limits), arbitraryOutput(operation, limits), async (input, output) => {
      let read: unknown;
      let asked: unknown;
      fake.answer = (operationName, value) => {
        asked = operationName;
        read = value;
        return { ...output };
      };
      const { $metadata, ...received } = (await client.send(new Command(structuredClone(input)))) as SdkOutput; // of any client
      expect(asked).toBe(name);
      expect(differences(tidy(read), tidy(input), added)).toBe('');
      expect(differences(tidy(await whole(received, operation.output.members)), tidy(output), added)).toBe('');
      expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    }),
    { numRuns: runs, seed: SEED, endOnFailure: true, includeErrorInReport: true },
  );
}

/** Answers with random modelled errors, and checks that the client throws what was thrown here. */
export async function errorTrip(name: string, options: RoundTripOptions): Promise<void> {
  const { fake, sdk, client, limits, runs } = options;
  const shape = fake.schema.errors.get(name);
  const operation = [...fake.schema.operations.values()].find(({ input }) => input.required === 0);
  if (shape === undefined || operation === undefined) throw new RangeError(`there is no error ${name}`);
  const Command = sdk[`${operation.name}Command`] as CommandClass; // by its name
  const tidy = (value: unknown): unknown => tidied(value, limits.empties);
  await fc.assert(
    fc.asyncProperty(arbitraryError(shape, limits), limits.text, async (members, message) => {
      fake.answer = () => {
        throw Object.assign(new Error(message), { name, $fault: shape.traits.error, $metadata: {}, ...members });
      };
      const thrown = await client.send(new Command({})).then(
        () => undefined,
        (error: unknown) => error as Record<string, unknown>, // the SDK throws its exceptions
      );
      const code = shape.traits.awsQueryError?.[0];
      const shared =
        code !== undefined &&
        [...fake.schema.errors.values()].filter((other) => other.traits.awsQueryError?.[0] === code).length > 1;
      if (shared) return; // several errors of one code: the client takes one of them
      expect(thrown).toBeInstanceOf(sdk[name]);
      expect(thrown?.['name']).toBe(name);
      if (message !== '') expect(thrown?.['message']).toBe(message);
      const received = Object.fromEntries(Object.keys(members).map((member) => [member, thrown?.[member]]));
      expect(differences(tidy(received), tidy(members))).toBe('');
    }),
    { numRuns: runs, seed: SEED, endOnFailure: true, includeErrorInReport: true },
  );
}

/** Streams read to their end. */
async function whole(
  received: Readonly<Record<string, unknown>>,
  members: ReadonlyMap<string, Shape>,
): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...received };
  for (const [member, shape] of members) {
    const value = received[member];
    if (shape.kind === 'blob' && shape.streaming && value !== undefined)
      result[member] = await (value as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray(); // the SDK's mixin
  }
  return result;
}
