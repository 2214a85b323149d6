import type { Item } from '../attributeValue.ts';
import { consumedByWrite, wantsCapacity } from '../capacity.ts';
import { CAPACITY, CONDITIONAL, Constraints, METRICS, ON_FAILURE, RETURN_VALUES } from '../constraints.ts';
import { projector } from '../expressions/projection.ts';
import { itemCollectionMetrics } from '../itemCollection.ts';
import { checkAttributeUpdates } from '../legacy/attributeUpdates.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, spliced } from '../operation.ts';
import { checkKeyValues, checkParameters, conditionOf, expressionsOf } from '../parameters.ts';
import { type Change, changeOf, planUpdate } from '../plans.ts';
import type { Stored } from '../stored.ts';
import { writeItem } from '../writeItem.ts';

export const updateItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['UpdateItem'] =>
  (input, context) => {
    const { Key, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics } = input;
    const { UpdateExpression, ConditionExpression, AttributeUpdates, Expected, ConditionalOperator } = input;
    const constraints = new Constraints()
      .tableName(input.TableName)
      .required('key', Key)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, METRICS)
      .oneOf('returnValues', ReturnValues, RETURN_VALUES)
      .oneOf('conditionalOperator', ConditionalOperator, CONDITIONAL)
      .oneOf('returnValuesOnConditionCheckFailure', input.ReturnValuesOnConditionCheckFailure, ON_FAILURE);
    for (const name in AttributeUpdates) {
      constraints.oneOf(`attributeUpdates.${name}.member.action`, AttributeUpdates[name]?.Action, ACTIONS);
    }
    constraints.check();
    if (Key === undefined) throw new Error('constraints were checked');
    checkParameters(
      input,
      { AttributeUpdates, Expected, ConditionalOperator },
      { UpdateExpression, ConditionExpression },
      ['UpdateExpression', 'ConditionExpression'],
    );
    checkKeyValues(Key);
    if (AttributeUpdates !== undefined) checkAttributeUpdates(AttributeUpdates);
    const expressions = expressionsOf(input);
    const condition = conditionOf(input, expressions);
    const change = changeOf(expressions, AttributeUpdates);
    const table = tables.get(context, input.TableName);
    const showOnFailure = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const plan = planUpdate(table, Key, change, { condition, expressions, showOnFailure });
    const { before, after, cost } = writeItem(plan, {
      wantsBefore: true,
      wantsCost: wantsCapacity(ReturnConsumedCapacity),
    });
    return {
      Attributes: returned(ReturnValues, change, before, after),
      ConsumedCapacity: consumedByWrite(table, ReturnConsumedCapacity, cost),
      ItemCollectionMetrics: itemCollectionMetrics(table, Key, ReturnItemCollectionMetrics),
    };
  };

const ACTIONS = ['ADD', 'PUT', 'DELETE'];

/** What ReturnValues asks for, if there is anything of it. */
function returned(
  wanted: string | undefined,
  change: Change,
  before: Stored | undefined,
  after: Stored | undefined,
): Item | undefined {
  if (wanted === undefined || wanted === 'NONE') return undefined;
  const stored = wanted === 'ALL_OLD' || wanted === 'UPDATED_OLD' ? before : after;
  if (stored === undefined) return undefined;
  if (wanted === 'ALL_OLD' || wanted === 'ALL_NEW') return spliced(stored.text);
  const item = projector(change.targets)(stored.item);
  return Object.keys(item).length === 0 ? undefined : item;
}
