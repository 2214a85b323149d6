import { describe, expect, it } from 'vitest';
import { inputOf } from './inputTransformer.ts';

const EVENT = {
  version: '0',
  id: '1',
  'detail-type': 'order',
  source: 'shop',
  detail: {
    user: 'u1',
    payload: { acc: 'a', sf: 'baz' },
    tags: ['HIGH'],
    many: ['A', 'B'],
    ok: true,
    quote: 'a"b',
    rows: [{ n: 1 }, { n: 2 }],
  },
};
const INGESTION = { ruleArn: 'arn:rule', ruleName: 'r', time: '2026-01-01T00:00:00Z' };
const PATHS = {
  user: '$.detail.user',
  payload: '$.detail.payload',
  tags: '$.detail.tags',
  many: '$.detail.many',
  ok: '$.detail.ok',
  quote: '$.detail.quote',
  second: '$.detail.many[1]',
  rows: '$.detail.rows[*].n',
  none: '$.detail.nothing',
};

const fill = (InputTemplate: string): string =>
  inputOf({ InputTransformer: { InputPathsMap: PATHS, InputTemplate } }, '', EVENT, INGESTION);

describe('a template', () => {
  it.each([
    ['"User <user> of <none>"', '"User u1 of "'],
    ['{"id": <user>, "missing": <none>}', '{"id": "u1", "missing": ""}'],
    ['{"id": "<user>"}', '{"id": "u1"}'],
    [
      '{"path": "users/<user>/second/<user>", "body": <payload>}',
      '{"path": "users/u1/second/u1", "body": {"acc":"a","sf":"baz"}}',
    ],
    ['"Payload of <payload>, <tags> and <many>"', '"Payload of {acc:a,sf:baz}, [HIGH] and [A,B]"'],
    ['{"list": [<user>, "fixed"], "tags": <tags>}', '{"list": ["u1", "fixed"], "tags": ["HIGH"]}'],
    ['"Command is <ok>!"', '"Command is true!"'],
    ['"a <user>"\n"b <user>"', '"a u1"\n"b u1"'],
    ['"said <quote>"', '"said a\\"b"'],
    ['{"second": <second>, "rows": <rows>}', '{"second": "B", "rows": [1,2]}'],
    [
      '"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"',
      '"arn:rule r 2026-01-01T00:00:00Z"',
    ],
    ['<aws.events.event>', '{"version":"0","id":"1","source":"shop","detailType":"order"}'],
    ['<aws.events.event.json>', JSON.stringify(EVENT)],
  ])('%s', (template, expected) => {
    expect(fill(template)).toBe(expected);
  });
});

describe('an input', () => {
  it('is a constant, or a part of the event', () => {
    expect(inputOf({ Input: '{"a":1}' }, '', EVENT, INGESTION)).toBe('{"a":1}');
    expect(inputOf({ InputPath: '$.detail.payload' }, '', EVENT, INGESTION)).toBe('{"acc":"a","sf":"baz"}');
    expect(inputOf({ InputPath: '$.detail.user' }, '', EVENT, INGESTION)).toBe('"u1"');
    expect(inputOf({ InputPath: '$.none' }, '', EVENT, INGESTION)).toBe('null');
    expect(inputOf({}, 'text', EVENT, INGESTION)).toBe('text');
  });
});
