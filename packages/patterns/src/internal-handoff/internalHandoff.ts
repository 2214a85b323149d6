import { TABLE_NAME } from '@skein/lambda/env';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import { keepFailures } from '../dead-letter-queue/keepFailures.ts';
import { newServiceTable } from '../service/serviceTable.ts';
import { tagService } from '../service/serviceTags.ts';

export interface InternalHandoffProps {
  /** The function that other services hand events over to. It finds the table's name in the variable `TABLE_NAME`. */
  readonly handler: LambdaFunction;
  /**
   * The table that the service owns. Nobody else's function touches it.
   *
   * @default - a table of its own, on demand, with the partition key `id`
   */
  readonly table?: ITable | Table;
  /**
   * The calls that the handler makes on the table, and so is allowed to make.
   *
   * @default ['PutItem', 'UpdateItem']
   */
  readonly tableOperations?: readonly string[];
  /**
   * How often Lambda tries again, after one and after two more minutes, what the handler failed at: 0 to 2.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * What becomes of the table when it leaves the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/**
 * Takes work over from other services, which do not wait for it: they invoke the handler with the type `Event`, and Lambda answers at once. It
 * tries again what fails, and in the end keeps it in a dead-letter queue with an alarm. There is no public way in.
 *
 * @example
 * const handler = new ServiceFunction(this, 'Handler', { entry: 'functions/register.ts' });
 * new InternalHandoff(this, 'Invoices', { handler }).grantHandOver(shop);
 */
export class InternalHandoff extends Construct {
  readonly handler: LambdaFunction;
  readonly table: ITable;
  /** Where events end that the handler failed at, each with the error. */
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: InternalHandoffProps) {
    super(scope, id);
    const {
      handler,
      tableOperations = ['PutItem', 'UpdateItem'],
      retryAttempts = 2,
      removalPolicy = RemovalPolicy.RETAIN,
      stage = 'dev',
    } = props;
    this.handler = handler;
    this.table = (props.table as ITable | undefined) ?? newServiceTable(this, removalPolicy);
    handler.addEnvironment(TABLE_NAME, this.table.tableName);
    this.table.grant(handler, ...tableOperations.map((operation) => `dynamodb:${operation}`));
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    keepFailures(handler, this.deadLetters, retryAttempts);
    tagService([this, handler], { service: id, pattern: 'internal-handoff', stage });
  }

  /** Lets somebody hand events over: invoke the handler, and no version or alias of it. */
  grantHandOver(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.handler.functionArn],
    });
  }
}
