import { Constraints } from '../constraints.ts';
import { validationException } from '../errors.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';

export const describeTimeToLive =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['DescribeTimeToLive'] =>
  ({ TableName }, context) => {
    new Constraints().tableName(TableName).check();
    const { TimeToLiveAttribute } = tables.describe(context, TableName).definition;
    return {
      TimeToLiveDescription:
        TimeToLiveAttribute === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: TimeToLiveAttribute },
    };
  };

export const updateTimeToLive =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['UpdateTimeToLive'] =>
  ({ TableName, TimeToLiveSpecification }, context) => {
    new Constraints()
      .tableName(TableName)
      .required('timeToLiveSpecification', TimeToLiveSpecification)
      .required('timeToLiveSpecification.enabled', TimeToLiveSpecification?.Enabled)
      .required('timeToLiveSpecification.attributeName', TimeToLiveSpecification?.AttributeName)
      .length('timeToLiveSpecification.attributeName', TimeToLiveSpecification?.AttributeName, 1, 255)
      .check();
    const { Enabled, AttributeName } = TimeToLiveSpecification ?? {};
    const table = tables.describe(context, TableName);
    const current = table.definition.TimeToLiveAttribute;
    if (Enabled === true && current !== undefined) {
      throw validationException(
        current === AttributeName
          ? 'TimeToLive is already enabled'
          : `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
      );
    }
    if (Enabled !== true && current === undefined) throw validationException('TimeToLive is already disabled');
    if (Enabled !== true && current !== AttributeName) {
      throw validationException(
        `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`,
      );
    }
    tables.change(context, table, {
      ...table.definition,
      TimeToLiveAttribute: Enabled === true ? AttributeName : undefined,
    });
    return { TimeToLiveSpecification: { Enabled: Enabled === true, AttributeName } };
  };
