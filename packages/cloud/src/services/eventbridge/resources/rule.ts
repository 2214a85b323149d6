import type { RuleState, Tag, Target } from '@aws-sdk/client-eventbridge';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { busOf, DEFAULT_BUS } from '../bus.ts';
import { ruleArn } from '../rule.ts';
import { undeliverable } from '../targets.ts';
import { jsonOf, orGone, stackTags } from './gone.ts';

interface RuleProperties {
  readonly Name?: string;
  readonly Description?: string;
  readonly EventBusName?: string;
  readonly EventPattern?: unknown;
  readonly ScheduleExpression?: string;
  readonly State?: RuleState;
  readonly RoleArn?: string;
  readonly Targets?: readonly Target[];
  readonly Tags?: readonly Tag[];
}

/** `AWS::Events::Rule` */
export const ruleResource: ResourceType<RuleProperties> = {
  honours: [
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'RoleArn',
    'Targets',
    'Tags',
  ],
  accepts: [],
  scalars: {
    'Targets[].RetryPolicy.MaximumRetryAttempts': 'number',
    'Targets[].RetryPolicy.MaximumEventAgeInSeconds': 'number',
  },
  async create(properties, deployment) {
    const name = properties.Name ?? deployment.physicalName(64);
    await put(name, properties, [], deployment);
    return resourceOf(name, properties, deployment);
  },
  async update(resource, properties, previous, deployment) {
    if (properties.Name !== previous.Name || properties.EventBusName !== previous.EventBusName) return 'replace';
    const name = nameOf(resource);
    const kept = new Set((properties.Targets ?? []).map(({ Id }) => Id));
    const gone = (previous.Targets ?? []).flatMap(({ Id }) => (Id === undefined || kept.has(Id) ? [] : [Id]));
    await put(name, properties, gone, deployment);
    return resourceOf(name, properties, deployment);
  },
  async delete(resource, { EventBusName, Targets = [] }, { aws }) {
    const name = nameOf(resource);
    const Ids = Targets.flatMap(({ Id }) => Id ?? []);
    if (Ids.length > 0) await orGone(aws.eventbridge.RemoveTargets({ Rule: name, EventBusName, Ids }));
    await orGone(aws.eventbridge.DeleteRule({ Name: name, EventBusName }));
  },
};

/** `bus|rule`, or the rule's name on the default bus. */
const nameOf = ({ physicalId }: Resource): string => physicalId.split('|').at(-1) ?? '';

async function put(
  name: string,
  properties: RuleProperties,
  gone: readonly string[],
  { aws, tags, notice }: Deployment,
): Promise<void> {
  const { EventBusName, EventPattern, ScheduleExpression, Description, State, RoleArn, Targets = [] } = properties;
  await aws.eventbridge.PutRule({
    Name: name,
    EventBusName,
    EventPattern: jsonOf(EventPattern),
    ScheduleExpression,
    Description,
    State,
    RoleArn,
    Tags: [...stackTags(tags), ...(properties.Tags ?? [])],
  });
  if (gone.length > 0) await aws.eventbridge.RemoveTargets({ Rule: name, EventBusName, Ids: [...gone] });
  if (Targets.length === 0) return;
  await aws.eventbridge.PutTargets({ Rule: name, EventBusName, Targets: Targets.map(textual) });
  for (const { Arn = '' } of Targets) {
    const why = undeliverable(Arn);
    if (why !== undefined)
      notice(`${why}: what the rule ${name} sends there is dropped, or goes to its dead-letter queue`);
  }
}

/** A template may give an input as an object. */
const textual = (target: Target): Target => ({
  ...target,
  ...(target.Input === undefined ? {} : { Input: jsonOf(target.Input) }),
});

function resourceOf(name: string, { EventBusName }: RuleProperties, { account, region }: Deployment): Resource {
  const bus = busOf(EventBusName, { account, region });
  const physicalId = bus.bus === DEFAULT_BUS ? name : `${bus.bus}|${name}`;
  return { physicalId, attributes: { Arn: ruleArn(bus, name) } };
}
