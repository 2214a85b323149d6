import type { RuleState } from '@aws-sdk/client-eventbridge';
import { arn, parseArn, type Scope } from '../../kernel/names.ts';
import { nextCron, parseScheduleExpression } from '../../kernel/scheduleExpression.ts';
import { busArn, DEFAULT_BUS } from './bus.ts';

/** A rule of a bus: a pattern of events, or a schedule. */
export interface Rule extends Scope {
  readonly bus: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly state: RuleState;
  /** As it was given. */
  readonly eventPattern: string | undefined;
  readonly scheduleExpression: string | undefined;
  readonly roleArn: string | undefined;
  readonly createdBy: string;
}

export const ruleArn = ({ bus, ...scope }: Scope & { readonly bus: string }, name: string): string =>
  arn('events', scope, bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);

/** The ARN of the bus that a rule is of. */
export function busOfRule(ruleArn: string): string {
  const { account = '', region = '', resource = '' } = parseArn(ruleArn) ?? {};
  const [, bus = DEFAULT_BUS] = /^rule\/(.+)\/[^/]+$/.exec(resource) ?? [];
  return busArn({ account, region }, bus);
}

export const isEnabled = ({ state }: Rule): boolean => state !== 'DISABLED';

/** When a scheduled rule is due first after an instant; a rate counts from there. */
export function nextDueOf({ state, scheduleExpression }: Rule, after: number): number | undefined {
  if (state === 'DISABLED' || scheduleExpression === undefined) return undefined;
  const expression = parseScheduleExpression(scheduleExpression);
  if (expression?.kind === 'rate') return after + expression.every;
  return expression?.kind === 'cron' ? nextCron(expression.cron, after) : undefined;
}

/** Whether an expression is one of rules: a rate of 1 has a unit in the singular, and `at()` is not theirs. */
export function isRuleSchedule(text: string): boolean {
  const expression = parseScheduleExpression(text);
  if (expression?.kind === 'rate') return (expression.value === 1) !== expression.unit.endsWith('s');
  return expression?.kind === 'cron';
}
