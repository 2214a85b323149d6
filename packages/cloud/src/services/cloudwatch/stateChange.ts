import type { AlarmState, CommonAlarm } from './alarm.ts';
import type { HistoryItem } from './stores/alarmStore.ts';

/** What an alarm is to enter. */
export type NewState = Pick<AlarmState, 'value' | 'reason' | 'reasonData'>;

/** An alarm's next state, and the entry of its history when that is another one. */
export function stateChange(
  { name, state: before }: CommonAlarm,
  { value, reason, reasonData }: NewState,
  now: number,
): { readonly state: AlarmState; readonly entry: HistoryItem | undefined } {
  const isChange = before.value !== value;
  const state: AlarmState = {
    value,
    reason,
    reasonData,
    updatedAt: now,
    transitionedAt: isChange ? now : before.transitionedAt,
  };
  if (!isChange) return { state, entry: undefined };
  const entry: HistoryItem = {
    name,
    at: now,
    type: 'StateUpdate',
    summary: `Alarm updated from ${before.value} to ${value}`,
    data: JSON.stringify({
      version: '1.0',
      oldState: { stateValue: before.value, stateReason: before.reason },
      newState: {
        stateValue: value,
        stateReason: reason,
        ...(reasonData === undefined ? {} : { stateReasonData: JSON.parse(reasonData) }),
      },
    }),
  };
  return { state, entry };
}
