import * as s3 from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe } from 'vitest';
import { type ClientConfiguration, describeWire, XML_TEXT } from './describeWire.ts';

const limits = {
  text: XML_TEXT,
  empties: false,
  fixed: {
    Bucket: fc.constantFrom('bucket', 'a-bucket.of-mine'),
    LocationConstraint: fc.constantFrom('eu-west-1', 'EU'),
    Policy: fc.constant('{"Version":"2012-10-17"}'),
  },
  // Keys are hashed, checksums computed, lengths counted, dates parsed twice by the client's middleware.
  omitted: [
    'ChecksumAlgorithm',
    'ChecksumMode',
    'ContentLength',
    'CopySourceSSECustomerKey',
    'CopySourceSSECustomerKeyMD5',
    'Expires',
    'ExpiresString',
    'SSECustomerKey',
    'SSECustomerKeyMD5',
  ],
};

describe('REST-XML: s3', () => {
  describeWire({
    name: 's3',
    sdk: s3,
    client: (configuration: ClientConfiguration) =>
      new s3.S3Client({
        ...configuration,
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
      }),
    protocol: { kind: 'restXml', s3: true, xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
    limits,
    added: /^(ContentLength|ContentType|ContentMD5|Checksum\w+): .* instead of undefined$/,
    except: ['SelectObjectContent', 'WriteGetObjectResponse', 'ListDirectoryBuckets', 'CreateSession'],
  });
});
