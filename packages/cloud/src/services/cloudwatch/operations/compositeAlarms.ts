import type { Scope } from '../../../kernel/names.ts';
import { alarmsIn, readRule } from '../alarmRule.ts';
import { configured, unchecked } from '../alarms.ts';
import { compositeAlarmOf } from '../compositeAlarm.ts';
import { validation } from '../errors.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';

export const putCompositeAlarm =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['PutCompositeAlarm'] =>
  (input, context) => {
    const { scheduler, stored, compositeStored, composites } = dependencies;
    const { AlarmName = '' } = input;
    const before = compositeStored.find(context, AlarmName);
    const alarm = compositeAlarmOf(input, context, scheduler.now, before, before?.state ?? unchecked(scheduler.now));
    if (stored.find(context, AlarmName) !== undefined)
      throw validation(`The alarm ${AlarmName} is a metric alarm, and cannot become a composite one.`);
    checkRule(dependencies, alarm.rule, context, [AlarmName]);
    compositeStored.addHistory(context, configured(alarm, before === undefined ? 'created' : 'updated'));
    composites.put(alarm, context.cause);
    return {};
  };

/** Every alarm of a rule is there, and none needs itself. @throws ValidationError */
function checkRule(dependencies: CloudWatchDependencies, rule: string, scope: Scope, users: readonly string[]): void {
  for (const name of alarmsIn(readRule(rule))) {
    if (users.includes(name))
      throw validation(
        `Could not save the composite alarm as its alarm rule has a cycle: ${[...users, name].join(' -> ')}`,
      );
    const composite = dependencies.compositeStored.find(scope, name);
    if (composite !== undefined) checkRule(dependencies, composite.rule, scope, [...users, name]);
    else if (dependencies.stored.find(scope, name) === undefined)
      throw validation(`Could not save the composite alarm as alarms [${name}] in the alarm rule do not exist`);
  }
}
