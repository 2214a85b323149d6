import { consumedByWrite, wantsCapacity } from '../capacity.ts';
import { CAPACITY, CONDITIONAL, Constraints, METRICS, ON_FAILURE, RETURN_VALUES } from '../constraints.ts';
import { validationException } from '../errors.ts';
import { itemCollectionMetrics } from '../itemCollection.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, spliced } from '../operation.ts';
import { checkParameters, conditionOf, expressionsOf } from '../parameters.ts';
import { MAX_ITEM_BYTES, planPut } from '../plans.ts';
import { checkItem } from '../validateValue.ts';
import { writeItem } from '../writeItem.ts';

export const putItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['PutItem'] =>
  (input, context) => {
    const { Item, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ConditionExpression } = input;
    const { Expected, ConditionalOperator } = input;
    new Constraints()
      .tableName(input.TableName)
      .required('item', Item)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, METRICS)
      .oneOf('returnValues', ReturnValues, RETURN_VALUES)
      .oneOf('conditionalOperator', ConditionalOperator, CONDITIONAL)
      .oneOf('returnValuesOnConditionCheckFailure', input.ReturnValuesOnConditionCheckFailure, ON_FAILURE)
      .check();
    if (Item === undefined) throw new Error('constraints were checked');
    checkParameters(input, { Expected, ConditionalOperator }, { ConditionExpression }, ['ConditionExpression']);
    const size = checkItem(Item);
    if (ReturnValues !== undefined && ReturnValues !== 'ALL_OLD' && ReturnValues !== 'NONE') {
      throw validationException('ReturnValues can only be ALL_OLD or NONE');
    }
    if (size > MAX_ITEM_BYTES) throw validationException('Item size has exceeded the maximum allowed size');
    const expressions = expressionsOf(input);
    const condition = conditionOf(input, expressions);
    const table = tables.get(context, input.TableName);
    const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const plan = planPut(table, Item, size, { condition, expressions, showOnFailure });
    const wantsBefore = ReturnValues === 'ALL_OLD';
    const { before, cost } = writeItem(plan, { wantsBefore, wantsCost: wantsCapacity(ReturnConsumedCapacity) });
    return {
      Attributes: wantsBefore && before !== undefined ? spliced(before.text) : undefined,
      ConsumedCapacity: consumedByWrite(table, ReturnConsumedCapacity, cost),
      ItemCollectionMetrics: itemCollectionMetrics(table, Item, ReturnItemCollectionMetrics),
    };
  };
