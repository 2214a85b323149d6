import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { servicePrincipal } from '../../kernel/credentials.ts';
import { type Delivery, DeliveryQueue, type Failure } from '../../kernel/deliveryQueue.ts';
import { parseArn } from '../../kernel/names.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { type Alarm, type AlarmState, alarmArn, type CommonAlarm } from './alarm.ts';
import { type CompositeAlarm, isComposite } from './compositeAlarm.ts';
import { changeOf, messageOf, subjectOf } from './notification.ts';
import type { AlarmStore } from './stores/alarmStore.ts';
import type { CompositeAlarmStore } from './stores/compositeAlarmStore.ts';

/** What is delivered when an alarm's state changes: where, and in whose words. */
interface Job {
  /** The ARN of an action; undefined: EventBridge is told. */
  readonly action: string | undefined;
  readonly alarm: Alarm | CompositeAlarm;
  readonly before: AlarmState;
}

const HOUR = 3_600_000;
const EVENTS = 'aws.cloudwatch';

/** Does what alarms do when their state changes, at least once each. */
export class Actions {
  readonly #environment: ServiceEnvironment;
  readonly #stored: AlarmStore;
  readonly #composites: CompositeAlarmStore;
  readonly #deliveries: DeliveryQueue;

  constructor(environment: ServiceEnvironment, stored: AlarmStore, composites: CompositeAlarmStore) {
    this.#environment = environment;
    this.#stored = stored;
    this.#composites = composites;
    this.#deliveries = new DeliveryQueue({
      table: 'cloudwatch_delivery',
      environment,
      rulesOf: () => ({ maxRetries: 10, maxAgeMs: HOUR }),
      send: (delivery) => this.#send(delivery),
      giveUp: async (delivery, failure) => this.#giveUp(delivery, failure),
    });
  }

  resume(): void {
    this.#deliveries.resume();
  }

  stop(): void {
    this.#deliveries.stop();
  }

  /** Tells EventBridge, and whoever the alarm names for its new state. */
  take(alarm: Alarm | CompositeAlarm, before: AlarmState, cause: number): void {
    const actions = alarm.actionsEnabled ? actionsOf(alarm, alarm.state.value) : [];
    for (const action of [undefined, ...actions]) {
      const job: Job = { action, alarm, before };
      const { account, region } = alarm;
      this.#deliveries.accept({ owner: alarmArn(alarm, alarm.name), account, region, job: JSON.stringify(job), cause });
    }
  }

  async #send(delivery: Delivery): Promise<void> {
    const { action, alarm, before } = jobOf(delivery);
    const { state } = alarm;
    const sourceArn = alarmArn(alarm, alarm.name);
    const { account, region, cause } = delivery;
    const to = action === undefined ? undefined : parseArn(action);
    const principal = servicePrincipal(to?.service === 'lambda' ? 'lambda.alarms.cloudwatch' : 'cloudwatch', account);
    const aws = this.#environment.aws({ account, region: to?.region || region, principal, cause, sourceArn });
    const change = changeOf(alarm, state, before, () => this.#environment.random.of(sourceArn).uuid());
    switch (to?.service) {
      case undefined:
        await aws.eventbridge.PutEvents({
          Entries: [
            {
              Source: EVENTS,
              DetailType: 'CloudWatch Alarm State Change',
              Resources: [sourceArn],
              Time: new Date(state.transitionedAt),
              Detail: JSON.stringify(change),
            },
          ],
        });
        return;
      case 'sns':
        await aws.sns.Publish({
          TopicArn: action,
          Subject: subjectOf(alarm, state),
          Message: messageOf(alarm, state, before),
        });
        break;
      case 'lambda':
        await aws.lambda.Invoke({
          FunctionName: action,
          InvocationType: 'Event',
          Payload: Buffer.from(
            JSON.stringify({
              source: EVENTS,
              alarmArn: sourceArn,
              accountId: account,
              time: new Date(state.transitionedAt).toISOString().replace('Z', '+0000'),
              region,
              alarmData: change,
            }),
          ),
        });
        break;
      default:
        throw new Error(`Skein cannot do what ${action} asks for yet: topics and functions are known`);
    }
    this.#note(delivery, `Successfully executed action ${action}`, 'Succeeded');
  }

  #giveUp(delivery: Delivery, { error }: Failure): void {
    const { action } = jobOf(delivery);
    const why = error instanceof Error ? error.message : String(error);
    this.#note(delivery, `Failed to execute action ${action}. Received error: "${why}"`, 'Failed');
    const { trace } = this.#environment;
    const hop = trace.begin({
      cause: delivery.cause,
      service: 'cloudwatch',
      operation: 'ExecuteAction',
      principal: 'cloudwatch.amazonaws.com',
      resource: delivery.owner,
      target: action,
      note: why,
    });
    trace.end(hop, 'dropped');
  }

  #note(delivery: Delivery, summary: string, outcome: 'Succeeded' | 'Failed'): void {
    const { action, alarm } = jobOf(delivery);
    if (action === undefined) return;
    const store = isComposite(alarm) ? this.#composites : this.#stored;
    store.addHistory(alarm, {
      name: alarm.name,
      at: this.#environment.scheduler.now,
      type: 'Action',
      summary,
      data: JSON.stringify({
        version: '1.0',
        actionState: outcome,
        notificationResource: action,
        stateUpdateTimestamp: alarm.state.updatedAt,
      }),
    });
  }
}

const jobOf = ({ job }: Delivery): Job => JSON.parse(job) as Job; // written from a job by `take`

function actionsOf(alarm: CommonAlarm, state: StateValue): readonly string[] {
  if (state === 'OK') return alarm.okActions;
  return state === 'ALARM' ? alarm.alarmActions : alarm.insufficientDataActions;
}
