import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

/** The table that a service owns when it is given none: on demand, with the partition key `id`, and restorable to any moment. */
export const newServiceTable = (service: Construct, removalPolicy: RemovalPolicy): ITable =>
  // The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
  new Table(service, 'Table', {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy,
  }) as ITable;
