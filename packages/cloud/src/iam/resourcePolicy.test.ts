import { describe, expect, it } from 'vitest';
import { ownerOf, type Principal, servicePrincipal } from '../kernel/credentials.ts';
import { askPolicy, refusal } from './resourcePolicy.ts';

const TOPIC = 'arn:aws:sns:us-east-1:111111111111:told';
const RULE = 'arn:aws:events:us-east-1:111111111111:rule/all';
const ROLE = 'arn:aws:iam::111111111111:role/shop';
const role: Principal = {
  kind: 'role',
  account: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/shop/worker',
  roleArn: ROLE,
  id: 'AROA:worker',
};
const events = servicePrincipal('events', '111111111111');
const stranger = ownerOf('222222222222');

const ask = (statement: object, principal: Principal = events, sourceArn: string | undefined = RULE) =>
  askPolicy(
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: TOPIC, ...statement }] }),
    {
      principal,
      action: 'sns:Publish',
      resource: TOPIC,
      sourceArn,
    },
  );

describe('a statement applies', () => {
  it.each([
    ['to everybody', { Principal: '*' }],
    ['to everybody of AWS', { Principal: { AWS: '*' } }],
    ['to a service', { Principal: { Service: 'events.amazonaws.com' } }],
    ['to one of several', { Principal: { Service: ['s3.amazonaws.com', 'events.amazonaws.com'] } }],
    ['to whoever is not named', { NotPrincipal: { AWS: ROLE } }],
    ['whatever the case of the action', { Principal: '*', Action: 'SNS:publish' }],
    ['to actions by a pattern', { Principal: '*', Action: ['sqs:*', 'sns:Pub*'] }],
    ['to all actions but some', { Principal: '*', Action: undefined, NotAction: 'sns:Subscribe' }],
    ['to resources by a pattern', { Principal: '*', Resource: 'arn:aws:sns:*:111111111111:t?ld' }],
    ['for a source', { Principal: '*', Condition: { ArnEquals: { 'aws:SourceArn': RULE } } }],
    ['for sources by a pattern', { Principal: '*', Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*' } } }],
    ['for an account', { Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': ['1', '111111111111'] } } }],
    ['where a key is not there', { Principal: '*', Condition: { Null: { 'aws:PrincipalArn': 'true' } } }],
    ['if the key exists only', { Principal: '*', Condition: { StringEqualsIfExists: { 'aws:PrincipalArn': 'x' } } }],
    ['over a safe transport', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
  ])('%s', (_, statement) => {
    expect(ask(statement)).toBe('allow');
    expect(ask({ ...statement, Effect: 'Deny' })).toBe('deny');
  });

  it.each([
    ['to another service', { Principal: { Service: 's3.amazonaws.com' } }],
    ['to a role', { Principal: { AWS: ROLE } }],
    ['to an account that the service calls for', { Principal: { AWS: '111111111111' } }],
    ['to another action', { Principal: '*', Action: 'sns:Subscribe' }],
    ['to another resource', { Principal: '*', Resource: `${TOPIC}2` }],
    ['for another source', { Principal: '*', Condition: { ArnEquals: { 'aws:SourceArn': `${RULE}2` } } }],
    ['but for this source', { Principal: '*', Condition: { ArnNotEquals: { 'aws:SourceArn': RULE } } }],
    [
      'where both conditions must hold',
      { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' }, Null: { 'aws:SourceArn': 'true' } } },
    ],
  ])('not %s', (_, statement) => {
    expect(ask(statement)).toBe('silent');
  });

  it('to an account, a role, and a session of it', () => {
    for (const AWS of ['111111111111', 'arn:aws:iam::111111111111:root', ROLE, role.arn]) {
      expect(ask({ Principal: { AWS } }, role)).toBe('allow');
      expect(ask({ Principal: { AWS } }, stranger)).toBe('silent');
    }
  });

  it('by what cannot be judged only where it refuses nothing', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    expect(ask({ Principal: '*', Condition })).toBe('allow');
    expect(ask({ Principal: '*', Condition, Effect: 'Deny' })).toBe('silent');
  });
});

describe('a resource with a policy', () => {
  const question = (principal: Principal) => ({
    ...{ principal, action: 'sns:Publish', resource: TOPIC },
    sourceArn: undefined,
  });
  const asked = (policy: object, principal: Principal) =>
    refusal(JSON.stringify(policy), '111111111111', question(principal));
  const onlyShop = {
    Statement: {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TOPIC,
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': ROLE } },
    },
  };

  it('refuses those of another account and services that it does not name', () => {
    const policy = { Statement: [] };
    expect(asked(policy, role)).toBeUndefined();
    expect(asked(policy, events)).toBe(
      `User: events.amazonaws.com is not authorized to perform: sns:Publish on resource: ${TOPIC} because no resource-based policy allows the sns:Publish action`,
    );
    expect(asked(policy, stranger)).toContain('arn:aws:iam::222222222222:root is not authorized');
  });

  it('may be for one role alone', () => {
    expect(asked(onlyShop, role)).toBeUndefined();
    for (const other of [events, stranger, ownerOf('111111111111')]) {
      expect(asked(onlyShop, other)).toMatch(/with an explicit deny in a resource-based policy$/);
    }
  });

  it('that has none refuses nobody', () => {
    expect(refusal(undefined, '111111111111', question(stranger))).toBeUndefined();
  });
});
