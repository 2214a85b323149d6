import * as sdk from '@aws-sdk/client-sqs';
import { defineService, type Service } from '../../kernel/service.ts';
import { onName, onSource, onUrl } from './access.ts';
import { Availability } from './availability.ts';
import { DeadLetters } from './deadLetters.ts';
import { DeduplicationStore } from './deduplicationStore.ts';
import { GroupStore } from './groupStore.ts';
import { Mailbox } from './mailbox.ts';
import { MessageStore } from './messageStore.ts';
import { MoveTaskStore } from './moveTaskStore.ts';
import { MoveTasks } from './moveTasks.ts';
import type { SqsDependencies } from './operation.ts';
import { changeMessageVisibility, changeMessageVisibilityBatch } from './operations/changeMessageVisibility.ts';
import { createQueue } from './operations/createQueue.ts';
import { deleteMessage, deleteMessageBatch } from './operations/deleteMessage.ts';
import { deleteQueue } from './operations/deleteQueue.ts';
import { getQueueUrl, listDeadLetterSourceQueues, listQueues } from './operations/listQueues.ts';
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from './operations/messageMoveTasks.ts';
import { addPermission, removePermission } from './operations/permissions.ts';
import { purgeQueue } from './operations/purgeQueue.ts';
import { getQueueAttributes, setQueueAttributes } from './operations/queueAttributes.ts';
import { receiveMessage } from './operations/receiveMessage.ts';
import { sendMessage, sendMessageBatch } from './operations/sendMessage.ts';
import { listQueueTags, tagQueue, untagQueue } from './operations/tags.ts';
import { readGauges } from './queueMetrics.ts';
import { QueueStore } from './queueStore.ts';
import { Queues } from './queues.ts';
import { Receiver } from './receiver.ts';
import { resources } from './resources.ts';
import { Shelf } from './shelf.ts';
import { standingMessages } from './standingMessages.ts';

/** Amazon Simple Queue Service: standard and FIFO queues. */
export const sqs: Service<typeof sdk> = defineService<typeof sdk>({
  name: 'sqs',
  sdk,
  actions: 'sqs',
  start: (environment) => {
    const { store, scheduler, signals } = environment;
    const queueStore = new QueueStore(store);
    const messages = new MessageStore(store);
    const groups = new GroupStore(store);
    const deduplication = new DeduplicationStore(store);
    const queues = new Queues(queueStore, messages, deduplication, environment);
    const availability = new Availability({ ...environment, queues: queueStore, messages, groups, deduplication });
    const parts = { ...environment, queues, messages, groups, deduplication, availability };
    const shelf = new Shelf(parts);
    const letters = new DeadLetters(parts, shelf);
    const moveTasks = new MoveTasks({ ...environment, queues, letters, tasks: new MoveTaskStore(store) });
    const dependencies: SqsDependencies = {
      ...environment,
      queues,
      queueStore,
      availability,
      moveTasks,
      mailbox: new Mailbox(parts, shelf),
      receiver: new Receiver(parts, shelf, letters),
    };
    readGauges(environment.metrics, queues, () => scheduler.now);
    signals.onAdded((arn) => availability.listened(queues, arn));
    const onQueue = onUrl(queues);
    return {
      operations: {
        AddPermission: addPermission(dependencies),
        CancelMessageMoveTask: cancelMessageMoveTask(dependencies),
        ChangeMessageVisibility: changeMessageVisibility(dependencies),
        ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(dependencies),
        CreateQueue: createQueue(dependencies),
        DeleteMessage: deleteMessage(dependencies),
        DeleteMessageBatch: deleteMessageBatch(dependencies),
        DeleteQueue: deleteQueue(dependencies),
        GetQueueAttributes: getQueueAttributes(dependencies),
        GetQueueUrl: getQueueUrl(dependencies),
        ListDeadLetterSourceQueues: listDeadLetterSourceQueues(dependencies),
        ListMessageMoveTasks: listMessageMoveTasks(dependencies),
        ListQueues: listQueues(dependencies),
        ListQueueTags: listQueueTags(dependencies),
        PurgeQueue: purgeQueue(dependencies),
        ReceiveMessage: receiveMessage(dependencies),
        RemovePermission: removePermission(dependencies),
        SendMessage: sendMessage(dependencies),
        SendMessageBatch: sendMessageBatch(dependencies),
        SetQueueAttributes: setQueueAttributes(dependencies),
        StartMessageMoveTask: startMessageMoveTask(dependencies),
        TagQueue: tagQueue(dependencies),
        UntagQueue: untagQueue(dependencies),
      },
      authorize: {
        AddPermission: onQueue,
        CancelMessageMoveTask: () => '*',
        ChangeMessageVisibility: onQueue,
        ChangeMessageVisibilityBatch: onBatch('sqs:ChangeMessageVisibility'),
        CreateQueue: onName,
        DeleteMessage: onQueue,
        DeleteMessageBatch: onBatch('sqs:DeleteMessage'),
        DeleteQueue: onQueue,
        GetQueueAttributes: onQueue,
        GetQueueUrl: onName,
        ListDeadLetterSourceQueues: onQueue,
        ListMessageMoveTasks: onSource,
        ListQueues: () => '*',
        ListQueueTags: onQueue,
        PurgeQueue: onQueue,
        ReceiveMessage: onQueue,
        RemovePermission: onQueue,
        SendMessage: onQueue,
        SendMessageBatch: onBatch('sqs:SendMessage'),
        SetQueueAttributes: onQueue,
        StartMessageMoveTask: onSource,
        TagQueue: onQueue,
        UntagQueue: onQueue,
      },
      resources: resources(queueStore),
      views: { messages: standingMessages(dependencies, messages) },
      resume: () => {
        availability.resume(queues.all());
        moveTasks.resume();
      },
    };

    /** A batch needs the permission of its single form. */
    function onBatch(action: string) {
      return (...call: Parameters<typeof onQueue>) => [{ action, resource: onQueue(...call) }];
    }
  },
});
