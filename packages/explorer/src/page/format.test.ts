import { expect, it } from 'vitest';
import { durationOf, shortName, statusWords, typeName } from './format.ts';

it.each([
  ['arn:aws:lambda:us-east-1:000000000000:function:Worker', 'Worker'],
  ['arn:aws:dynamodb:us-east-1:000000000000:table/Orders', 'Orders'],
  ['arn:aws:sts::000000000000:assumed-role/Role/Worker', 'Role/Worker'],
  ['arn:aws:sqs:us-east-1:000000000000:Jobs', 'Jobs'],
  ['apigateway.amazonaws.com', 'apigateway.amazonaws.com'],
])('shortens %s', (name, short) => {
  expect(shortName(name)).toBe(short);
});

it.each([
  [null, '…'],
  [0.0004, '<1 µs'],
  [0.05, '50 µs'],
  [5.57, '5.6 ms'],
  [171.2, '171 ms'],
  [2345, '2.3 s'],
])('says %s ms', (ms, words) => {
  expect(durationOf(ms)).toBe(words);
});

it('says types and statuses in words', () => {
  expect(typeName('AWS::DynamoDB::Table')).toBe('DynamoDB Table');
  expect(statusWords('CREATE_IN_PROGRESS')).toBe('create in progress');
});
