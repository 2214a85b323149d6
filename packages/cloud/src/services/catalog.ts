import type { CatalogEntry } from '../protocols/catalogEntry.ts';

/** The services of this cloud. */
export const CATALOG: readonly CatalogEntry[] = [
  {
    name: 'dynamodb',
    signingName: 'dynamodb',
    maxBodyBytes: 16 * 1024 * 1024,
    protocol: { kind: 'json', jsonVersion: '1.0', targetPrefix: 'DynamoDB_20120810', checksum: true },
    cloudFormation: 'DynamoDB',
    load: async () => (await import('./dynamodb/index.ts')).dynamodb,
  },
  {
    name: 'cloudformation',
    signingName: 'cloudformation',
    protocol: {
      kind: 'query',
      version: '2010-05-15',
      xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    },
    cloudFormation: 'CloudFormation',
    load: async () => (await import('./cloudformation/index.ts')).cloudformation,
  },
  {
    name: 'ssm',
    signingName: 'ssm',
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'AmazonSSM' },
    cloudFormation: 'SSM',
    load: async () => (await import('./ssm/index.ts')).ssm,
  },
  {
    name: 'logs',
    signingName: 'logs',
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'Logs_20140328' },
    cloudFormation: 'Logs',
    load: async () => (await import('./logs/index.ts')).logs,
  },
  {
    name: 'lambda',
    signingName: 'lambda',
    protocol: { kind: 'restJson' },
    paths:
      /^\/20\d\d-\d\d-\d\d\/(functions|event-source-mappings|tags|account-settings|layers|layers-by-arn|code-signing-configs)(\/|$)/,
    cloudFormation: 'Lambda',
    load: async () => (await import('./lambda/index.ts')).lambda,
  },
  {
    name: 'apigatewayv2',
    signingName: 'apigateway',
    protocol: { kind: 'restJson' },
    paths: /^\/v2\//,
    cloudFormation: 'ApiGatewayV2',
    load: async () => (await import('./apigatewayv2/index.ts')).apigatewayv2,
  },
  {
    name: 'sts',
    signingName: 'sts',
    protocol: { kind: 'query', version: '2011-06-15', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
    anonymous: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'],
    load: async () => (await import('./sts/index.ts')).sts,
  },
  {
    name: 'iam',
    signingName: 'iam',
    protocol: { kind: 'query', version: '2010-05-08', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
    cloudFormation: 'IAM',
    load: async () => (await import('./iam/index.ts')).iam,
  },
  {
    name: 'sqs',
    signingName: 'sqs',
    protocol: {
      kind: 'json',
      jsonVersion: '1.0',
      targetPrefix: 'AmazonSQS',
      version: '2012-11-05',
      xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
      queryCompatible: true,
    },
    cloudFormation: 'SQS',
    load: async () => (await import('./sqs/index.ts')).sqs,
  },
  {
    name: 'eventbridge',
    signingName: 'events',
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'AWSEvents' },
    cloudFormation: 'Events',
    load: async () => (await import('./eventbridge/index.ts')).eventbridge,
  },
  {
    name: 'scheduler',
    signingName: 'scheduler',
    protocol: { kind: 'restJson' },
    cloudFormation: 'Scheduler',
    load: async () => (await import('./scheduler/index.ts')).scheduler,
  },
  {
    name: 'pipes',
    signingName: 'pipes',
    protocol: { kind: 'restJson' },
    cloudFormation: 'Pipes',
    load: async () => (await import('./pipes/index.ts')).pipes,
  },
  {
    name: 'sns',
    signingName: 'sns',
    protocol: { kind: 'query', version: '2010-03-31', xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
    // Who follows the address in a message has no keys.
    anonymous: ['ConfirmSubscription', 'Unsubscribe'],
    cloudFormation: 'SNS',
    load: async () => (await import('./sns/index.ts')).sns,
  },
];
