import type { ResourceType } from '../../../kernel/resourceType.ts';

interface DashboardProperties {
  readonly DashboardName?: string;
  readonly DashboardBody?: string;
}

/** `AWS::CloudWatch::Dashboard`: nothing shows it on one machine. */
export const dashboardResource: ResourceType<DashboardProperties> = {
  honours: [],
  // The page of this cloud shows no dashboards of the user's own.
  accepts: ['DashboardName', 'DashboardBody'],
  create: ({ DashboardName }, deployment) => ({
    physicalId: DashboardName ?? deployment.physicalName(255),
    attributes: {},
  }),
  update: (resource, properties, previous) =>
    properties.DashboardName === previous.DashboardName ? resource : 'replace',
  delete: () => undefined,
};
