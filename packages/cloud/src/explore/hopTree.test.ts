import { describe, expect, it } from 'vitest';
import { type HopStart, Trace } from '../kernel/trace.ts';
import { hopTree, shortName } from './hopTree.ts';

const newTrace = () =>
  new Trace(
    () => 0,
    () => 0,
  );

const hop = (trace: Trace, start: Partial<HopStart>, outcome = 'ok'): number => {
  const begun = trace.begin({ cause: 0, service: 's', operation: 'Do', principal: 'p', resource: 'r', ...start });
  trace.end(begun, outcome);
  return begun.id;
};

describe('a tree of hops', () => {
  it('puts each hop below its cause and marks the deciding ones', () => {
    const trace = newTrace();
    const invoke = hop(trace, {
      service: 'lambda',
      operation: 'Invoke',
      resource: 'arn:aws:lambda:us-east-1:0:function:Charge',
    });
    const read = hop(trace, {
      cause: invoke,
      service: 'dynamodb',
      operation: 'GetItem',
      resource: 'arn:aws:dynamodb:us-east-1:0:table/Counts',
    });
    hop(trace, { cause: read, operation: 'Deep' });
    const write = hop(
      trace,
      { cause: invoke, service: 'dynamodb', operation: 'PutItem', resource: 'Counts' },
      'throttled',
    );
    hop(trace, {
      service: 'sqs',
      operation: 'SendMessage',
      resource: 'Orders',
      note: 'message m1 from arn:aws:sqs:us-east-1:0:Orders',
    });
    expect(hopTree(trace.all(), { deciding: new Set([write]) })).toBe(
      [
        '#1 lambda:Invoke Charge',
        '├─ #2 dynamodb:GetItem Counts',
        '│  └─ #3 s:Deep r',
        '└─ #4 dynamodb:PutItem Counts: throttled  <== here',
        '#5 sqs:SendMessage Orders (message m1 from Orders)',
      ].join('\n'),
    );
  });

  it('shows hops whose cause is forgotten, or still runs', () => {
    const trace = newTrace();
    trace.begin({ cause: 77, service: 's', operation: 'Do', principal: 'p', resource: 'r' });
    expect(hopTree(trace.all())).toBe('#1 s:Do r: still runs');
  });

  it('leaves out what is far from the deciding hop when there is much', () => {
    const trace = newTrace();
    for (let at = 0; at < 100; at++) hop(trace, {});
    const lines = hopTree(trace.all(), { deciding: new Set([50]), lines: 5 }).split('\n');
    expect(lines).toEqual(['…', '#48 s:Do r', '#49 s:Do r', '#50 s:Do r  <== here', '#51 s:Do r', '#52 s:Do r', '…']);
  });
});

describe('a short name', () => {
  it.each([
    ['arn:aws:sqs:us-east-1:000000000000:Orders', 'Orders'],
    ['arn:aws:dynamodb:us-east-1:000000000000:table/Orders/index/byDay', 'Orders/index/byDay'],
    ['arn:aws:lambda:us-east-1:000000000000:function:Charge:live', 'Charge:live'],
    ['GET /orders', 'GET /orders'],
  ])('of %s is %s', (arn, name) => {
    expect(shortName(arn)).toBe(name);
  });
});
