import { ROUTES } from '@skein/lambda/env';
import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import { keepFailures } from '../dead-letter-queue/keepFailures.ts';
import { tagService } from '../service/serviceTags.ts';
import { subscribeTask, subscribeUnknown } from './subscriptions.ts';

/** A function that does what events of a type ask for. */
export type RouterTask = IFunction | LambdaFunction;

export interface RouterProps {
  /** The task for each type of event. Adding a task is one entry. A task may have several types. */
  readonly tasks: Readonly<Record<string, RouterTask>>;
  /**
   * The function that reads an event's type and invokes its task. It finds the names of the tasks' functions by type, as JSON, in the variable
   * `ROUTES`, and throws when it knows no task.
   *
   * @default - none: a topic routes, by the message attribute `type`
   */
  readonly router?: LambdaFunction;
  /**
   * The topic that routes, when no function does.
   *
   * @default - a topic of its own
   */
  readonly topic?: ITopic | Topic;
  /**
   * How often Lambda tries again, after one and after two more minutes, what a task or the router failed at: 0 to 2.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/**
 * Hands each event to exactly one task, by its type, and waits for none. An event of a type that has no task goes to the router's dead-letter queue,
 * what a task fails at to the task's own; each has an alarm.
 *
 * @example
 * new Router(this, 'Orders', { router, tasks: { 'order.placed': reserve, 'order.paid': ship } });
 */
export class Router extends Construct {
  /** There when a function routes. */
  readonly router: LambdaFunction | undefined;
  /** There when a topic routes. */
  readonly topic: ITopic | undefined;
  readonly tasks: Readonly<Record<string, RouterTask>>;
  /** Where events end that could not be routed. */
  readonly deadLetters: DeadLetterQueue;
  /** Where events of each type end that their task failed at. */
  readonly taskDeadLetters: Readonly<Record<string, DeadLetterQueue>>;

  constructor(scope: Construct, id: string, props: RouterProps) {
    super(scope, id);
    const { tasks, router, retryAttempts = 2, stage = 'dev' } = props;
    const types = Object.keys(tasks);
    if (types.length === 0) throw new Error('tasks is empty: give at least one, by the type of its events');
    if (router !== undefined && props.topic !== undefined) {
      throw new Error('router is given together with topic: events are routed by one of the two');
    }
    const loop = types.find((type) => tasks[type] === router);
    if (router !== undefined && loop !== undefined) {
      throw new Error(
        `the task of '${loop}' is the router itself, which would call itself for ever: give it a function of its own`,
      );
    }
    this.tasks = tasks;
    this.router = router;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    const taskDeadLetters: Record<string, DeadLetterQueue> = {};
    if (router === undefined) {
      // The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
      this.topic = (props.topic ?? new Topic(this, 'Topic', { enforceSSL: true })) as ITopic;
      subscribeUnknown(this.topic, types, this.deadLetters);
    } else {
      keepFailures(router, this.deadLetters, retryAttempts);
      router.addEnvironment(ROUTES, Stack.of(this).toJsonString(namesOf(tasks)));
    }
    for (const [task, ofTask] of typesByTask(tasks)) {
      const deadLetters = new DeadLetterQueue(this, `${ofTask[0]}DeadLetters`);
      for (const type of ofTask) taskDeadLetters[type] = deadLetters;
      keepFailures(task, deadLetters, retryAttempts);
      if (this.topic !== undefined) subscribeTask(this.topic, task, ofTask, deadLetters);
      else if (router !== undefined) grantInvoke(router, task);
    }
    this.taskDeadLetters = taskDeadLetters;
    tagService([this, ...Object.values(tasks), ...(router === undefined ? [] : [router])], {
      service: id,
      pattern: 'router',
      stage,
    });
  }

  /** Lets somebody send events: invoke the router, or publish to the topic. */
  grantSend(grantee: IGrantable): Grant {
    const { router, topic } = this;
    if (topic !== undefined) return topic.grantPublish(grantee);
    return grantInvoke(grantee, router as LambdaFunction); // there is always one of the two
  }
}

/** A function may be the task of several types. */
function typesByTask(tasks: Readonly<Record<string, RouterTask>>): Map<RouterTask, string[]> {
  const types = new Map<RouterTask, string[]>();
  for (const [type, task] of Object.entries(tasks)) {
    const ofTask = types.get(task);
    if (ofTask === undefined) types.set(task, [type]);
    else ofTask.push(type);
  }
  return types;
}

/** As the CDK's, without its wildcard for versions. */
const grantInvoke = (grantee: IGrantable, { functionArn }: RouterTask): Grant =>
  Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns: [functionArn] });

const namesOf = (tasks: Readonly<Record<string, RouterTask>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tasks).map(([type, { functionName }]) => [type, functionName]));
