import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../cloud.ts';
import type { App } from '../deploy/app.ts';
import { type FaultPlan, plannedFaults } from './faultPlan.ts';

let folder: string;
let cloud: Cloud;
let app: App;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'skein-faults-'));
  writeFileSync(
    join(folder, 'template.json'),
    JSON.stringify({
      Resources: {
        Orders: { Type: 'AWS::SQS::Queue' },
        Dead: { Type: 'AWS::SQS::Queue' },
        Colour: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'blue' } },
      },
    }),
  );
  cloud = await startCloud({ clock: 'virtual' });
  app = await cloud.deploy(join(folder, 'template.json'));
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

const namesOf = (plan: FaultPlan) => plannedFaults(plan, app).map(({ name }) => name);

describe('a plan of faults', () => {
  it('befalls all that it can when nothing is named', () => {
    expect(namesOf({ duplicate: 0.1, throttle: 0.2 }).sort()).toEqual([
      'duplicate of Dead',
      'duplicate of Orders',
      'throttle of Dead',
      'throttle of Orders',
    ]);
  });

  it('befalls only what is named', () => {
    expect(namesOf({ delay: { rate: 0.5, by: '3 s', of: 'Orders' } })).toEqual(['delay of Orders']);
  });

  it('is applied to the cloud', () => {
    for (const fault of plannedFaults({ drop: { rate: 1, of: ['Orders'], times: 1 } }, app)) fault.apply(cloud);
    const orders = app.resource('Orders');
    expect([cloud.faults.hits(orders, 'drop'), cloud.faults.hits(orders, 'drop')]).toEqual([true, false]);
    expect(cloud.faults.hits(app.resource('Dead'), 'drop')).toBe(false);
    cloud.faults.clear();
  });

  it.each<[string, FaultPlan, string]>([
    ['an unknown fault', { explode: 1 } as FaultPlan, "there is no fault 'explode': there are duplicate, delay,"],
    ['a rate above 1', { duplicate: 2 }, "the rate of the fault 'duplicate' must be between 0 and 1, not 2"],
    ['no rate', { drop: {} } as FaultPlan, "the rate of the fault 'drop' must be between 0 and 1, not undefined"],
    [
      'nothing that it can befall',
      { kill: 0.1 },
      "the fault 'kill' can befall AWS::Lambda::Function, and the app has none",
    ],
    [
      'something that it cannot befall',
      { throttle: { rate: 1, of: 'Colour' } },
      "the fault 'throttle' can befall AWS::DynamoDB::Table or AWS::SQS::Queue or AWS::Lambda::Function: 'Colour' is an AWS::SSM::Parameter",
    ],
    ['a resource that is not there', { drop: { rate: 1, of: 'Nothing' } }, "no resource is called 'Nothing'"],
  ])('with %s is refused', (_, plan, message) => {
    expect(() => plannedFaults(plan, app)).toThrow(message);
  });
});
