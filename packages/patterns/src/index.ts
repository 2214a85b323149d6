export { DeadLetterQueue, type DeadLetterQueueProps } from './dead-letter-queue/deadLetterQueue.ts';
export {
  DistributedTrigger,
  type DistributedTriggerProps,
  type TriggerSubscriber,
} from './distributed-trigger/distributedTrigger.ts';
export { Fifoer, type FifoerProps } from './fifoer/fifoer.ts';
export { IdempotencyTable, type IdempotencyTableProps } from './internal-handoff/idempotencyTable.ts';
export { InternalHandoff, type InternalHandoffProps } from './internal-handoff/internalHandoff.ts';
export { Notifier, type NotifierProps } from './notifier/notifier.ts';
export { Subscriber, type SubscriberProps } from './notifier/subscriber.ts';
export { Router, type RouterProps, type RouterTask } from './router/router.ts';
export { ServiceFunction, type ServiceFunctionProps } from './service-function/serviceFunction.ts';
export { SimpleWebService, type SimpleWebServiceProps } from './simple-web-service/simpleWebService.ts';
