import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { type ClientConfiguration, describeWire, XML_TEXT } from './describeWire.ts';
import { serveFake } from './fakeService.ts';

const limits = { text: XML_TEXT, empties: false };

describe.each([
  {
    name: 'iam',
    sdk: iam,
    client: (configuration: ClientConfiguration) => new iam.IAMClient(configuration),
    protocol: { kind: 'query', version: '2010-05-08', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
  },
  {
    name: 'sts',
    sdk: sts,
    client: (configuration: ClientConfiguration) => new sts.STSClient(configuration),
    entry: { paths: /^\/$/, anonymous: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'] },
    protocol: { kind: 'query', version: '2011-06-15', xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  },
  {
    name: 'cloudformation',
    sdk: cloudformation,
    client: (configuration: ClientConfiguration) => new cloudformation.CloudFormationClient(configuration),
    protocol: {
      kind: 'query',
      version: '2010-05-15',
      xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    },
  },
] as const)('AWS Query: $name', (wire) => {
  describeWire({ ...wire, limits });
});

it('refuses an action that is not there in AWS words', async () => {
  await using fake = await serveFake({
    sdk: iam,
    entry: { name: 'iam', signingName: 'iam', protocol: { kind: 'query', version: '2010-05-08' } },
  });
  const credential = 'test/20260101/us-east-1/iam/aws4_request';
  const response = await fetch(fake.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=x`,
    },
    body: 'Action=Nothing&Version=2010-05-08',
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(
    '<Code>InvalidAction</Code><Message>Could not find operation Nothing for version 2010-05-08</Message>',
  );
});
