import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../src/protocols/catalogEntry.ts';
import { readSchema } from '../../src/protocols/schema.ts';
import type { ProtocolSettings } from '../../src/protocols/wire.ts';
import type { WireLimits } from './arbitraryValue.ts';
import { type FakeService, serveFake } from './fakeService.ts';
import { type AnyClient, avoidFastPath, errorTrip, type RoundTripOptions, roundTrip } from './roundTrips.ts';

/** Any text of Unicode. */
export const ANY_TEXT: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', maxLength: 16 })
  .filter((text) => text.isWellFormed());
/** Text that XML can carry and that the SDK's parser gives back as it was. */
export const XML_TEXT: fc.Arbitrary<string> = ANY_TEXT.map((text) => text.trim()).filter(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has none
  (text) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text),
);

/** What a client is made with. */
export interface ClientConfiguration {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly disableHostPrefix: boolean;
}

export interface DescribedWire {
  readonly name: string;
  readonly sdk: Readonly<Record<string, unknown>>;
  readonly client: (configuration: ClientConfiguration) => AnyClient;
  readonly protocol: ProtocolSettings;
  readonly entry?: Partial<Omit<CatalogEntry, 'load'>>;
  readonly limits: WireLimits;
  /** Operations whose client does more than to send. */
  readonly except?: readonly string[];
  readonly runs?: number;
  /** Differences of inputs that are what the client adds. */
  readonly added?: RegExp;
}

/** Round trips of every operation and error of a client package, over both paths of the listener. */
export function describeWire(wire: DescribedWire): void {
  const { name, sdk, protocol, limits, except = [], runs = 4 } = wire;
  const { operations, errors } = readSchema(sdk);
  const names = [...operations.keys()].filter((operation) => !except.includes(operation));

  describe.each(['fast', 'slow'])('over the %s path', (path) => {
    let fake: FakeService;
    let client: AnyClient;
    let options: RoundTripOptions;

    beforeAll(async () => {
      fake = await serveFake({ sdk, entry: { name, signingName: name, protocol, ...wire.entry } });
      client = wire.client({
        endpoint: fake.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
        disableHostPrefix: true,
      });
      if (path === 'slow') avoidFastPath(client);
      options = { fake, sdk, client, limits, runs, ...(wire.added === undefined ? {} : { added: wire.added }) };
    });

    afterAll(async () => {
      client.destroy();
      await fake[Symbol.asyncDispose]();
      expect(fake.internalErrors).toEqual([]);
    });

    it.each(names)('%s reads its input and writes its output', (operation) => roundTrip(operation, options));
    it.each([...errors.keys()])('%s arrives as it was thrown', (error) => errorTrip(error, options));
  });
}
