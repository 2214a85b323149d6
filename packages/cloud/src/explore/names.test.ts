import { describe, expect, it } from 'vitest';
import type { DeployedStack } from '../deploy/engine.ts';
import { Trace } from '../kernel/trace.ts';
import { renamedHops, renamingOf, withMessages } from './names.ts';

const stack = (...resources: { physicalId: string; logicalId: string; path?: string }[]): DeployedStack =>
  // What is read of a stack.
  ({ resources }) as unknown as DeployedStack;

describe('names', () => {
  const rename = renamingOf([
    stack(
      { physicalId: 'shop-Charge-6OIG3EYTXWAO', logicalId: 'Charge' },
      { physicalId: 'shop-Charge-6OIG3EYTXWAO-Role', logicalId: 'Role' },
      {
        physicalId: 'http://127.0.0.1:4566/000000000000/shop-OrdersQueue1A2B-XYZ',
        logicalId: 'OrdersQueue1A2B',
        path: 'Shop/Orders/Queue/Resource',
      },
      { physicalId: 'id', logicalId: 'Mapping' },
    ),
  ]);

  it.each([
    ['shop-Charge-6OIG3EYTXWAO.0 dynamodb:GetItem', 'Charge.0 dynamodb:GetItem'],
    ['arn:aws:iam::0:role/shop-Charge-6OIG3EYTXWAO-Role', 'arn:aws:iam::0:role/Role'],
    ['arn:aws:sqs:us-east-1:0:shop-OrdersQueue1A2B-XYZ', 'arn:aws:sqs:us-east-1:0:Queue'],
    ['hidden ids', 'hidden ids'],
  ])('in %s', (text, renamed) => {
    expect(rename(text)).toBe(renamed);
  });

  it('of messages are short', () => {
    const short = withMessages((text) => text);
    const [first, second] = ['60fa4d36-827a-4dac-9120-8dbe23af05c7', '70fa4d36-827a-4dac-9120-8dbe23af05c7'];
    expect(
      [`message ${first}, delivery 1`, `message ${second} arrives`, `message ${first}, delivery 2`].map(short),
    ).toEqual(['message m1', 'message m2 arrives', 'message m1, delivery 2']);
  });

  it('of hops begin with 1 in each schedule', () => {
    const trace = new Trace(
      () => 0,
      () => 0,
    );
    const start = { service: 's', operation: 'Do', principal: 'p', resource: 'shop-Charge-6OIG3EYTXWAO' };
    trace.begin({ ...start, cause: 0 });
    trace.clear();
    const { id } = trace.begin({ ...start, cause: 0 });
    trace.begin({ ...start, cause: id });
    expect(renamedHops(trace.all(), rename)).toMatchObject([
      { id: 1, cause: 0, resource: 'Charge' },
      { id: 2, cause: 1, resource: 'Charge' },
    ]);
  });

  it('of an app without resources are left as they are', () => {
    expect(renamingOf([stack()])('Charge')).toBe('Charge');
  });
});
