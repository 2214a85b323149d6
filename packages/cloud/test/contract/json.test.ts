import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssm from '@aws-sdk/client-ssm';
import { describe } from 'vitest';
import { ANY_TEXT, type ClientConfiguration, describeWire } from './describeWire.ts';

const limits = { text: ANY_TEXT, empties: true };

describe.each([
  {
    name: 'sqs',
    sdk: sqs,
    client: (configuration: ClientConfiguration) =>
      new sqs.SQSClient({ ...configuration, md5: false, useQueueUrlAsEndpoint: false }),
    protocol: { kind: 'json', jsonVersion: '1.0', targetPrefix: 'AmazonSQS', queryCompatible: true },
  },
  {
    name: 'ssm',
    sdk: ssm,
    client: (configuration: ClientConfiguration) => new ssm.SSMClient(configuration),
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'AmazonSSM' },
  },
  {
    name: 'logs',
    sdk: logs,
    client: (configuration: ClientConfiguration) => new logs.CloudWatchLogsClient(configuration),
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'Logs_20140328' },
    except: ['StartLiveTail', 'GetLogObject'], // streams of events
  },
  {
    name: 'monitoring',
    sdk: cloudwatch,
    client: (configuration: ClientConfiguration) => new cloudwatch.CloudWatchClient(configuration),
    protocol: {
      kind: 'json',
      jsonVersion: '1.0',
      targetPrefix: 'GraniteServiceVersion20100801',
      queryCompatible: true,
    },
  },
] as const)('AWS JSON: $name', (wire) => {
  describeWire({ ...wire, limits });
});
