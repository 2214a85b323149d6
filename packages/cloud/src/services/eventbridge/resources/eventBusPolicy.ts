import type { Condition } from '@aws-sdk/client-eventbridge';
import type { Deployment, ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

interface EventBusPolicyProperties {
  readonly EventBusName?: string;
  readonly StatementId: string;
  readonly Statement?: Readonly<Record<string, unknown>>;
  readonly Action?: string;
  readonly Principal?: string;
  readonly Condition?: Condition;
}

/** `AWS::Events::EventBusPolicy` */
export const eventBusPolicyResource: ResourceType<EventBusPolicyProperties> = {
  honours: ['EventBusName', 'StatementId', 'Statement', 'Action', 'Principal', 'Condition'],
  accepts: [],
  async create(properties, deployment) {
    await put(properties, deployment);
    const { EventBusName = 'default', StatementId } = properties;
    return { physicalId: `${EventBusName}|${StatementId}`, attributes: {} };
  },
  async update(resource, properties, previous, deployment) {
    if (properties.EventBusName !== previous.EventBusName || properties.StatementId !== previous.StatementId) {
      return 'replace';
    }
    await put(properties, deployment);
    return resource;
  },
  async delete(_, { EventBusName, StatementId }, { aws }) {
    await orGone(aws.eventbridge.RemovePermission({ EventBusName, StatementId }));
  },
};

async function put(properties: EventBusPolicyProperties, { aws }: Deployment): Promise<void> {
  const { EventBusName, StatementId, Statement, Action, Principal, Condition } = properties;
  if (Statement === undefined) {
    await aws.eventbridge.PutPermission({ EventBusName, StatementId, Action, Principal, Condition });
    return;
  }
  const { Policy } = await aws.eventbridge.DescribeEventBus({ Name: EventBusName });
  const before = Policy === undefined ? [] : (JSON.parse(Policy) as { Statement: { Sid?: string }[] }).Statement; // as DescribeEventBus writes it
  const statements = [...before.filter(({ Sid }) => Sid !== StatementId), { Sid: StatementId, ...Statement }];
  await aws.eventbridge.PutPermission({
    EventBusName,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
}
