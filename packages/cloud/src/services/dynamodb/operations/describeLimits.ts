import type { DynamoDbOperations } from '../operation.ts';

/** The quotas of a new account: nothing is limited here. */
export const describeLimits: DynamoDbOperations['DescribeLimits'] = () => ({
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
});
