import { definitionOf } from '../definition.ts';
import { describe } from '../description.ts';
import { tableAlreadyExists } from '../errors.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import type { TableDefinition } from '../table.ts';
import { tableArn } from '../tables.ts';
import { tagsOf } from '../tags.ts';

export const createTable =
  ({ tables, random, scheduler }: DynamoDbDependencies): DynamoDbOperations['CreateTable'] =>
  (input, context) => {
    const { now } = scheduler;
    const asked = definitionOf(input);
    const Tags = tagsOf(input.Tags);
    if (tables.find(context, asked.TableName) !== undefined) throw tableAlreadyExists(asked.TableName);
    const definition: TableDefinition = {
      ...asked,
      TableId: random.of(tableArn(context, asked.TableName)).uuid(),
      Tags,
      createdAt: now,
      onDemandSince: asked.BillingMode === 'PAY_PER_REQUEST' ? now : undefined,
      streamLabel: asked.StreamSpecification === undefined ? undefined : streamLabel(now),
    };
    // It is ready at once; AWS's first answer says that it is being made, and so do waiters expect it.
    return { TableDescription: describe(tables.create(context, definition), 'CREATING', []) };
  };

/** A stream's label is when it was enabled. */
export const streamLabel = (now: number): string => new Date(now).toISOString().slice(0, -1);
