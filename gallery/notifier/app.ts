import { Notifier } from '@skein/patterns';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { FilterOrPolicy, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { NEWS_EXPORT, subscriberStack } from './subscriberStack.ts';

const app = new App();

// The shop publishes. It names nobody who hears it.
const shop = new Stack(app, 'NotifierShop');
const { topic } = new Notifier(shop, 'News');
new CfnOutput(shop, 'TopicArn', {
  value: topic.topicArn,
  exportName: NEWS_EXPORT,
  description: 'publish news of orders to it',
});

// Who hears it subscribes itself, each in its own stack.
subscriberStack(app, 'Mail', {
  filterPolicy: { type: SubscriptionFilter.stringFilter({ allowlist: ['placed', 'shipped'] }) },
});
subscriberStack(app, 'Fraud', {
  filterPolicyWithMessageBody: {
    order: FilterOrPolicy.policy({
      cents: FilterOrPolicy.filter(SubscriptionFilter.numericFilter({ greaterThanOrEqualTo: 100_000 })),
    }),
  },
});
subscriberStack(app, 'Archive');
