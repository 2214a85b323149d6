import type { DynamoDbOperations } from '../operation.ts';

/** How long a client may go by the answer, minutes. */
const CACHED_MINUTES = 1440;

/** The address at which the client already is: one port serves all regions. */
export const describeEndpoints: DynamoDbOperations['DescribeEndpoints'] = (_, { endpoint }) => ({
  Endpoints: [{ Address: endpoint.replace(/^https?:\/\//, ''), CachePeriodInMinutes: CACHED_MINUTES }],
});
