import { consumedByWrite, wantsCapacity } from '../capacity.ts';
import { CAPACITY, CONDITIONAL, Constraints, METRICS, ON_FAILURE, RETURN_VALUES } from '../constraints.ts';
import { validationException } from '../errors.ts';
import { itemCollectionMetrics } from '../itemCollection.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, spliced } from '../operation.ts';
import { checkKeyValues, checkParameters, conditionOf, expressionsOf } from '../parameters.ts';
import { planDelete } from '../plans.ts';
import { writeItem } from '../writeItem.ts';

export const deleteItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['DeleteItem'] =>
  (input, context) => {
    const { Key, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ConditionExpression } = input;
    const { Expected, ConditionalOperator } = input;
    new Constraints()
      .tableName(input.TableName)
      .required('key', Key)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, METRICS)
      .oneOf('returnValues', ReturnValues, RETURN_VALUES)
      .oneOf('conditionalOperator', ConditionalOperator, CONDITIONAL)
      .oneOf('returnValuesOnConditionCheckFailure', input.ReturnValuesOnConditionCheckFailure, ON_FAILURE)
      .check();
    if (Key === undefined) throw new Error('constraints were checked');
    checkParameters(input, { Expected, ConditionalOperator }, { ConditionExpression }, ['ConditionExpression']);
    checkKeyValues(Key);
    if (ReturnValues !== undefined && ReturnValues !== 'ALL_OLD' && ReturnValues !== 'NONE') {
      throw validationException('ReturnValues can only be ALL_OLD or NONE');
    }
    const expressions = expressionsOf(input);
    const condition = conditionOf(input, expressions);
    const table = tables.get(context, input.TableName);
    const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const plan = planDelete(table, Key, { condition, expressions, showOnFailure });
    const wantsBefore = ReturnValues === 'ALL_OLD';
    const { before, cost } = writeItem(plan, { wantsBefore, wantsCost: wantsCapacity(ReturnConsumedCapacity) });
    return {
      Attributes: wantsBefore && before !== undefined ? spliced(before.text) : undefined,
      ConsumedCapacity: consumedByWrite(table, ReturnConsumedCapacity, cost),
      ItemCollectionMetrics: itemCollectionMetrics(table, Key, ReturnItemCollectionMetrics),
    };
  };
