import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { describe } from 'vitest';
import { ANY_TEXT, type ClientConfiguration, describeWire } from './describeWire.ts';

describe('RPC v2 CBOR: cloudwatch', () => {
  describeWire({
    name: 'monitoring',
    sdk: cloudwatch,
    client: (configuration: ClientConfiguration) =>
      new cloudwatch.CloudWatchClient({ ...configuration, protocol: AwsSmithyRpcV2CborProtocol }),
    protocol: {
      kind: 'json',
      jsonVersion: '1.0',
      targetPrefix: 'GraniteServiceVersion20100801',
      queryCompatible: true,
    },
    limits: { text: ANY_TEXT, empties: true },
  });
});
