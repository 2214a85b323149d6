import { describe, expect, it } from 'vitest';
import { parseFilterPattern } from './filterPattern.ts';

const event = JSON.stringify({
  eventType: 'UpdateTrail',
  sourceIPAddress: '111.111.111.111',
  arrayKey: ['value', 'another value'],
  objectList: [
    { name: 'a', id: 1 },
    { name: 'b', id: 2 },
  ],
  SomeObject: null,
  ThisFlag: true,
  'cluster.name': 'c',
  latency: 12.5,
  code: '404',
});

describe('terms', () => {
  it.each([
    ['', 'anything', true],
    ['ERROR', '[ERROR 400] BAD REQUEST', true],
    ['ERROR', '[error 400]', false],
    ['ERROR ARGUMENTS', '[ERROR 419] MISSING ARGUMENTS', true],
    ['ERROR ARGUMENTS', '[ERROR 400] BAD REQUEST', false],
    ['"INTERNAL SERVER ERROR"', '[ERROR 500] INTERNAL SERVER ERROR', true],
    ['"INTERNAL SERVER ERROR"', 'INTERNAL ERROR SERVER', false],
    ['"say \\"hi\\""', 'they say "hi"', true],
    ['?ERROR ?WARN', 'WARN slow', true],
    ['?ERROR ?WARN', 'INFO fine', false],
    ['ERROR -ARGUMENTS', '[ERROR 419] MISSING ARGUMENTS', false],
    ['ERROR -"BAD REQUEST"', '[ERROR 401] UNAUTHORIZED', true],
    ['-DEBUG', 'INFO fine', true],
    ['%AUTHORIZED%', 'UNAUTHORIZED REQUEST', true],
    ['%\\d{3}-[a-c]+%', 'id 123-abc', true],
    ['%\\d{3}-[a-c]+%', 'id 12-abc', false],
  ])('%s in %s: %s', (pattern, message, expected) => {
    expect(parseFilterPattern(pattern)(message)).toBe(expected);
  });
});

describe('JSON', () => {
  it.each([
    ['{ $.eventType = "UpdateTrail" }', true],
    ['{ $.eventType = UpdateTrail }', true],
    ['{$.eventType="Update*"}', true],
    ['{ $.eventType = "*Trail" }', true],
    ['{ $.eventType = "Trail" }', false],
    ['{ $.eventType = * }', true],
    ['{ $.eventType != "Other" }', true],
    ['{ $.nothing != "Other" }', false],
    ['{ $.sourceIPAddress != 123.123.* }', true],
    ['{ $.sourceIPAddress = 111.111.* }', true],
    ['{ $.arrayKey[0] = "value" }', true],
    ['{ $.arrayKey[1] = "value" }', false],
    ['{ $.arrayKey[*] = "another value" }', true],
    ['{ $.objectList[1].id = 2 }', true],
    ['{ $.objectList[*].id > 2 }', false],
    ['{ $.SomeObject IS NULL }', true],
    ['{ $.eventType IS NULL }', false],
    ['{ $.SomeOtherObject NOT EXISTS }', true],
    ['{ $.ThisFlag NOT EXISTS }', false],
    ['{ $.ThisFlag IS TRUE }', true],
    ['{ $.ThisFlag IS FALSE }', false],
    ["{ $['cluster.name'] = c }", true],
    ['{ $.latency >= 12.5 && $.latency < 13 }', true],
    ['{ $.latency = 1.25e1 }', true],
    ['{ $.latency > 100 || ($.eventType = "X" && $.ThisFlag IS TRUE) }', false],
    ['{ ($.latency > 100 || $.eventType = "Up*") && $.ThisFlag IS TRUE }', true],
    ['{ $.code = 404 }', true],
    ['{ $.eventType = %^Upd.te% }', true],
  ])('%s: %s', (pattern, expected) => {
    expect(parseFilterPattern(pattern)(event)).toBe(expected);
  });

  it('passes over messages that are not JSON', () => {
    expect(parseFilterPattern('{ $.a NOT EXISTS }')('plain text')).toBe(false);
    expect(parseFilterPattern('{ $.a NOT EXISTS }')('{"a":')).toBe(false);
  });
});

describe('columns', () => {
  const line = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534';

  it.each([
    ['[ip, user, username, timestamp, request, status_code, bytes]', true],
    ['[ip, user, username, timestamp, request, status_code]', false],
    ['[ip, user, username, timestamp, request, status_code = 4*, bytes > 1000]', true],
    ['[ip, user, username, timestamp, request, status_code = 4*, bytes > 2000]', false],
    ['[..., request =*html*, status_code, bytes]', true],
    ['[ip=127.*, ..., bytes]', true],
    ['[ip!=127.*, ..., bytes]', false],
    ['[..., status_code = 500 || status_code = 404, bytes]', true],
    ['[ip, user, username, timestamp, request = "GET *", status_code != 4* && status_code != 5*, bytes]', false],
    ['[ip, user, username, timestamp, request, status_code = %4\\d{2}%, bytes]', true],
  ])('%s: %s', (pattern, expected) => {
    expect(parseFilterPattern(pattern)(line)).toBe(expected);
  });
});

it.each([
  '{ $.a = }',
  '{ $.a > x }',
  '{ a = 1 }',
  '{ $.a = 1',
  '[a, b',
  '[..., a, ...]',
  '"open',
  'a:b',
  '%(x)%',
  '{ $.a = 1 } x',
])('refuses %s', (pattern) => {
  expect(() => parseFilterPattern(pattern)).toThrow(
    expect.objectContaining({ name: 'InvalidParameterException', message: expect.stringMatching(/^Invalid /) }),
  );
});
