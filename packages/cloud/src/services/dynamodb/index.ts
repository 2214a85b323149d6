import * as sdk from '@aws-sdk/client-dynamodb';
import { defineService, type Service, type ServiceParts } from '../../kernel/service.ts';
import { onResource, onTable, onTableOrIndex, onTables, onTransactItems } from './access.ts';
import { Measures } from './measures.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from './operation.ts';
import { batchGetItem } from './operations/batchGetItem.ts';
import { batchWriteItem } from './operations/batchWriteItem.ts';
import { describeContinuousBackups, updateContinuousBackups } from './operations/continuousBackups.ts';
import { createTable } from './operations/createTable.ts';
import { deleteItem } from './operations/deleteItem.ts';
import { deleteTable } from './operations/deleteTable.ts';
import { describeEndpoints } from './operations/describeEndpoints.ts';
import { describeLimits } from './operations/describeLimits.ts';
import { describeTable } from './operations/describeTable.ts';
import { getItem } from './operations/getItem.ts';
import { listTables } from './operations/listTables.ts';
import { putItem } from './operations/putItem.ts';
import { query } from './operations/query.ts';
import { scan } from './operations/scan.ts';
import { listTagsOfResource, tagResource, untagResource } from './operations/tagging.ts';
import { describeTimeToLive, updateTimeToLive } from './operations/timeToLive.ts';
import { transactGetItems } from './operations/transactGetItems.ts';
import { transactWriteItems } from './operations/transactWriteItems.ts';
import { updateItem } from './operations/updateItem.ts';
import { updateTable } from './operations/updateTable.ts';
import { resources } from './resources.ts';
import { Tables } from './tables.ts';
import { Transactions } from './transactions.ts';

/** Amazon DynamoDB: tables of items. */
export const dynamodb: Service<typeof sdk> = defineService({
  name: 'dynamodb',
  sdk,
  actions: 'dynamodb',
  wireForm: ['AttributeValue'],
  start: (environment) => {
    const dependencies: DynamoDbDependencies = {
      ...environment,
      tables: new Tables(environment),
      measures: new Measures(),
      transactions: new Transactions(environment.store),
    };
    const operations = {
      BatchGetItem: batchGetItem(dependencies),
      BatchWriteItem: batchWriteItem(dependencies),
      CreateTable: createTable(dependencies),
      DeleteItem: deleteItem(dependencies),
      DeleteTable: deleteTable(dependencies),
      DescribeContinuousBackups: describeContinuousBackups(dependencies),
      DescribeEndpoints: describeEndpoints,
      DescribeLimits: describeLimits,
      DescribeTable: describeTable(dependencies),
      DescribeTimeToLive: describeTimeToLive(dependencies),
      GetItem: getItem(dependencies),
      ListTables: listTables(dependencies),
      ListTagsOfResource: listTagsOfResource(dependencies),
      PutItem: putItem(dependencies),
      Query: query(dependencies),
      Scan: scan(dependencies),
      TagResource: tagResource(dependencies),
      TransactGetItems: transactGetItems(dependencies),
      TransactWriteItems: transactWriteItems(dependencies),
      UntagResource: untagResource(dependencies),
      UpdateContinuousBackups: updateContinuousBackups(dependencies),
      UpdateItem: updateItem(dependencies),
      UpdateTable: updateTable(dependencies),
      UpdateTimeToLive: updateTimeToLive(dependencies),
    } satisfies Partial<DynamoDbOperations>;
    return {
      // They take and give attribute values in wire form (`wireForm`), which the SDK's types do not have.
      operations: operations as unknown as ServiceParts<typeof sdk>['operations'],
      authorize: {
        BatchGetItem: onTables('dynamodb:BatchGetItem'),
        BatchWriteItem: onTables('dynamodb:BatchWriteItem'),
        CreateTable: onTable,
        DeleteItem: onTable,
        DeleteTable: onTable,
        DescribeContinuousBackups: onTable,
        DescribeEndpoints: () => '*',
        DescribeLimits: () => '*',
        DescribeTable: onTable,
        DescribeTimeToLive: onTable,
        GetItem: onTable,
        ListTables: () => '*',
        ListTagsOfResource: onResource,
        PutItem: onTable,
        Query: onTableOrIndex,
        Scan: onTableOrIndex,
        TagResource: onResource,
        TransactGetItems: onTransactItems,
        TransactWriteItems: onTransactItems,
        UntagResource: onResource,
        UpdateContinuousBackups: onTable,
        UpdateItem: onTable,
        UpdateTable: onTable,
        UpdateTimeToLive: onTable,
      } satisfies Record<keyof typeof operations, unknown>,
      resources,
    };
  },
});
