import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { tagService } from '../service/serviceTags.ts';

export interface NotifierProps {
  /**
   * The topic that news is published to.
   *
   * @default - a topic of its own
   */
  readonly topic?: ITopic | Topic;
  /**
   * The stage that the resources are tagged with.
   *
   * @default 'dev'
   */
  readonly stage?: string;
}

/**
 * Tells news to whoever wants to hear it. The services that publish know no subscriber: each subscribes itself, in its own stack, with a
 * {@link Subscriber}.
 *
 * @example
 * const { topic } = new Notifier(this, 'Orders');
 * new CfnOutput(this, 'TopicArn', { value: topic.topicArn, exportName: 'orders-topic' });
 */
export class Notifier extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: NotifierProps = {}) {
    super(scope, id);
    const { topic, stage = 'dev' } = props;
    // The CDK's classes fit its interfaces, but it was not compiled with exactOptionalPropertyTypes.
    this.topic = (topic ?? new Topic(this, 'Topic', { enforceSSL: true })) as ITopic;
    tagService([this], { service: id, pattern: 'notifier', stage });
  }

  /** Lets somebody publish. */
  grantPublish(grantee: IGrantable): Grant {
    return this.topic.grantPublish(grantee);
  }
}
