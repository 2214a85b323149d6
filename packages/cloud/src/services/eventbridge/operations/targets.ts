import { parseArn } from '../../../kernel/names.ts';
import { check, lengthBetween, limitExceeded, nameViolations, validation } from '../errors.ts';
import { findRule } from '../found.ts';
import { checkInput } from '../inputTransformer.ts';
import type { EventBridgeDependencies, EventBridgeOperations } from '../operation.ts';
import { pageOf } from '../page.ts';

const MOST_TARGETS = 5;

export const putTargets =
  ({ stores, buses }: EventBridgeDependencies): EventBridgeOperations['PutTargets'] =>
  ({ Rule: Name, EventBusName, Targets = [] }, context) => {
    check(
      lengthBetween(Targets.length, '[]', 'targets', 1, 100),
      ...Targets.flatMap(({ Id }, index) => nameViolations(Id, `targets.${index + 1}.member.id`, 64)),
    );
    const rule = findRule(stores, { Name, EventBusName }, context);
    for (const target of Targets) {
      checkInput(target);
      if (parseArn(target.Arn ?? '') === undefined) {
        throw validation(`Parameter ${target.Arn} is not valid. Reason: Provided Arn is not in correct format.`);
      }
      checkFifo(target.Arn ?? '', target.SqsParameters?.MessageGroupId);
    }
    for (const target of Targets) stores.rules.putTarget(rule, target);
    if (stores.rules.targets(rule).length > MOST_TARGETS) throw limitExceeded();
    buses.changed();
    return { FailedEntryCount: 0, FailedEntries: [] };
  };

function checkFifo(arn: string, group: string | undefined): void {
  const isFifoQueue = arn.includes(':sqs:') && arn.endsWith('.fifo');
  if (isFifoQueue && group === undefined) {
    throw validation('Parameter(s) SqsParameters must be specified for target: FIFO queues need a MessageGroupId.');
  }
}

export const removeTargets =
  ({ stores, buses }: EventBridgeDependencies): EventBridgeOperations['RemoveTargets'] =>
  ({ Rule: Name, EventBusName, Ids = [] }, context) => {
    const rule = findRule(stores, { Name, EventBusName }, context);
    const FailedEntries = Ids.filter((id) => !stores.rules.deleteTarget(rule, id)).map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${rule.name} does not have a target with the Id ${TargetId}.`,
    }));
    buses.changed();
    return { FailedEntryCount: FailedEntries.length, FailedEntries };
  };

export const listTargetsByRule =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['ListTargetsByRule'] =>
  ({ Rule: Name, EventBusName, Limit, NextToken }, context) => {
    const rule = findRule(stores, { Name, EventBusName }, context);
    const page = pageOf({ Limit, NextToken }, stores.rules.targets(rule), ({ Id = '' }) => Id);
    return { Targets: page.items, NextToken: page.NextToken };
  };
