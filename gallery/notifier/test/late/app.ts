import { App } from 'aws-cdk-lib';
import { subscriberStack } from '../../subscriberStack.ts';

// An app of its own: the shop's knows nothing of it.
subscriberStack(new App(), 'Late');
