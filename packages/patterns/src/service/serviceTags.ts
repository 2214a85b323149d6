import { Tags } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What the resources of a service are tagged with. */
export interface ServiceTags {
  /** The service's id in its stack. */
  readonly service: string;
  /** The pattern's name, as in `simple-web-service`. */
  readonly pattern: string;
  readonly stage: string;
}

/** Tags all resources of a service. @param parts - the service, and what it was given and works with alone */
export function tagService(parts: readonly IConstruct[], { service, pattern, stage }: ServiceTags): void {
  for (const part of parts) {
    Tags.of(part).add('skein:service', service);
    Tags.of(part).add('skein:pattern', pattern);
    Tags.of(part).add('skein:stage', stage);
  }
}
