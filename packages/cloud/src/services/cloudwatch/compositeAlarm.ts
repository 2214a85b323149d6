import type { CompositeAlarm as Described, PutCompositeAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../kernel/names.ts';
import { type Alarm, type AlarmState, alarmArn, type CommonAlarm } from './alarm.ts';
import { readRule } from './alarmRule.ts';
import { check, validation } from './errors.ts';

/** An alarm on the states of other alarms, as it is kept. */
export interface CompositeAlarm extends CommonAlarm {
  /** `ALARM("depth") AND NOT ALARM("maintenance")` */
  readonly rule: string;
}

/** Whether an alarm is one on others. */
export const isComposite = (alarm: Alarm | CompositeAlarm): alarm is CompositeAlarm => 'rule' in alarm;

const MOST_RULE = 10_240;
const MOST_ACTIONS = 5;

/** @throws ValidationError */
export function compositeAlarmOf(
  input: PutCompositeAlarmInput,
  { account, region }: Scope,
  now: number,
  before: CompositeAlarm | undefined,
  state: AlarmState,
): CompositeAlarm {
  const { AlarmName: name = '', AlarmRule: rule = '', OKActions, AlarmActions, InsufficientDataActions } = input;
  check(
    (name === '' || name.length > 255) && {
      at: 'alarmName',
      value: name,
      must: `have length ${name === '' ? 'greater than or equal to 1' : 'less than or equal to 255'}`,
    },
    (rule === '' || rule.length > MOST_RULE) && {
      at: 'alarmRule',
      value: rule,
      must: `have length ${rule === '' ? 'greater than or equal to 1' : `less than or equal to ${MOST_RULE}`}`,
    },
    tooMany('oKActions', OKActions),
    tooMany('alarmActions', AlarmActions),
    tooMany('insufficientDataActions', InsufficientDataActions),
  );
  if (input.ActionsSuppressor !== undefined)
    throw validation(`Skein does not support ActionsSuppressor of composite alarms yet (${input.ActionsSuppressor})`);
  readRule(rule);
  return {
    account,
    region,
    name,
    description: input.AlarmDescription,
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: OKActions ?? [],
    alarmActions: AlarmActions ?? [],
    insufficientDataActions: InsufficientDataActions ?? [],
    rule,
    tags: before?.tags ?? input.Tags ?? [],
    configuredAt: now,
    state,
  };
}

const tooMany = (at: string, actions: readonly string[] = []) =>
  actions.length > MOST_ACTIONS && {
    at,
    value: `[${actions.join(', ')}]`,
    must: `have length less than or equal to ${MOST_ACTIONS}`,
  };

/** A composite alarm as the API gives it. */
export const describedComposite = (alarm: CompositeAlarm): Described => ({
  AlarmName: alarm.name,
  AlarmArn: alarmArn(alarm, alarm.name),
  AlarmDescription: alarm.description,
  AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
  AlarmRule: alarm.rule,
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: [...alarm.okActions],
  AlarmActions: [...alarm.alarmActions],
  InsufficientDataActions: [...alarm.insufficientDataActions],
  StateValue: alarm.state.value,
  StateReason: alarm.state.reason,
  StateReasonData: alarm.state.reasonData,
  StateUpdatedTimestamp: new Date(alarm.state.updatedAt),
  StateTransitionedTimestamp: new Date(alarm.state.transitionedAt),
});
