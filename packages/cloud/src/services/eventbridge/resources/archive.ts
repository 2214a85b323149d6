import type { Deployment, ResourceType } from '../../../kernel/resourceType.ts';
import { archiveArn } from '../archive.ts';
import { jsonOf, orGone } from './gone.ts';

interface ArchiveProperties {
  readonly ArchiveName?: string;
  readonly SourceArn: string;
  readonly Description?: string;
  readonly EventPattern?: unknown;
  readonly RetentionDays?: number;
  readonly KmsKeyIdentifier?: string;
}

/** `AWS::Events::Archive` */
export const archiveResource: ResourceType<ArchiveProperties> = {
  honours: ['ArchiveName', 'SourceArn', 'Description', 'EventPattern', 'RetentionDays'],
  // There is no KMS here.
  accepts: ['KmsKeyIdentifier'],
  scalars: { RetentionDays: 'number' },
  async create(properties, deployment) {
    const name = properties.ArchiveName ?? deployment.physicalName(48);
    await deployment.aws.eventbridge.CreateArchive({
      ...inputOf(name, properties),
      EventSourceArn: properties.SourceArn,
    });
    return resourceOf(name, deployment);
  },
  async update({ physicalId }, properties, previous, deployment) {
    if (properties.ArchiveName !== previous.ArchiveName || properties.SourceArn !== previous.SourceArn)
      return 'replace';
    await deployment.aws.eventbridge.UpdateArchive(inputOf(physicalId, properties));
    return resourceOf(physicalId, deployment);
  },
  async delete({ physicalId }, _, { aws }) {
    await orGone(aws.eventbridge.DeleteArchive({ ArchiveName: physicalId }));
  },
};

const inputOf = (ArchiveName: string, { Description, EventPattern, RetentionDays = 0 }: ArchiveProperties) => ({
  ArchiveName,
  Description,
  EventPattern: jsonOf(EventPattern),
  RetentionDays,
});

const resourceOf = (name: string, { account, region }: Deployment) => ({
  physicalId: name,
  attributes: { Arn: archiveArn({ account, region }, name), ArchiveName: name },
});
