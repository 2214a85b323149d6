import type { AnyResourceType, Deployment, Resource, ResourceType } from '../../kernel/resourceType.ts';

interface ParameterProperties {
  readonly Name?: string;
  readonly Type: 'String' | 'StringList';
  readonly Value: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly DataType?: string;
  readonly Tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
  readonly Tags?: Readonly<Record<string, string>>;
  readonly Policies?: string;
}

const parameter: ResourceType<ParameterProperties> = {
  honours: ['Name', 'Type', 'Value', 'Description', 'AllowedPattern', 'DataType', 'Tier', 'Tags', 'Policies'],
  accepts: [],
  async create(properties, deployment) {
    const name = properties.Name ?? deployment.physicalName(1011);
    await deployment.aws.ssm.PutParameter({
      ...inputOf(name, properties),
      Tags: tagList({ ...ownTags(deployment.tags), ...properties.Tags }),
    });
    return resourceOf(name, properties);
  },
  async update({ physicalId }, properties, previous, { aws }) {
    if (properties.Name !== previous.Name) return 'replace';
    await aws.ssm.PutParameter({ ...inputOf(physicalId, properties), Overwrite: true });
    const resource = { ResourceType: 'Parameter', ResourceId: physicalId } as const;
    const TagKeys = Object.keys(previous.Tags ?? {}).filter((key) => !(key in (properties.Tags ?? {})));
    if (TagKeys.length > 0) await aws.ssm.RemoveTagsFromResource({ ...resource, TagKeys });
    const Tags = tagList(properties.Tags ?? {});
    if (Tags.length > 0) await aws.ssm.AddTagsToResource({ ...resource, Tags });
    return resourceOf(physicalId, properties);
  },
  async delete({ physicalId }, _, deployment) {
    await remove(physicalId, deployment);
  },
};

const inputOf = (
  name: string,
  { Type, Value, Description, AllowedPattern, DataType, Tier, Policies }: ParameterProperties,
) => ({
  Name: name,
  Type,
  // YAML has numbers where AWS takes text.
  Value: String(Value),
  Description,
  AllowedPattern,
  DataType,
  Tier,
  Policies,
});

const resourceOf = (name: string, { Type, Value }: ParameterProperties): Resource => ({
  physicalId: name,
  attributes: { Type, Value: String(Value) },
});

const tagList = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) }));

/** Without the tags that AWS keeps for itself: services refuse them. */
const ownTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')));

async function remove(name: string, { aws }: Deployment): Promise<void> {
  try {
    await aws.ssm.DeleteParameter({ Name: name });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ParameterNotFound') throw error;
  }
}

/** The CloudFormation resource types of Systems Manager. */
export const resources: Readonly<Record<string, AnyResourceType>> = { 'AWS::SSM::Parameter': parameter };
