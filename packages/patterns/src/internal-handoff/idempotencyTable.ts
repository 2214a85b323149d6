import { IDEMPOTENCY_TABLE_NAME } from '@skein/lambda/env';
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface IdempotencyTableProps {
  /**
   * What becomes of the keys when the table leaves the stack. Without them, events that are delivered again are handled again.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * Where `idempotent()` of `@skein/lambda/idempotency` keeps its keys: a table on demand that forgets what is expired. Functions may share one.
 *
 * @example
 * new IdempotencyTable(this, 'Keys').addTo(handler);
 */
export class IdempotencyTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: IdempotencyTableProps = {}) {
    super(scope, id);
    const { removalPolicy = RemovalPolicy.DESTROY } = props;
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy,
    });
  }

  /** Gives a function the table's name, and leave for the three calls that are made: claim, complete, give up. */
  addTo(handler: LambdaFunction): void {
    handler.addEnvironment(IDEMPOTENCY_TABLE_NAME, this.table.tableName);
    this.table.grant(handler, 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
  }
}
