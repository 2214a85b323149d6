import type { BatchResultErrorEntry, PublishBatchResultEntry } from '@aws-sdk/client-sns';
import { isAwsError } from '../../../kernel/awsError.ts';
import {
  batchTooLong,
  emptyBatch,
  entriesNotDistinct,
  invalidEntryId,
  invalidParameter,
  tooManyEntries,
} from '../errors.ts';
import type { Content } from '../message.ts';
import type { SnsDependencies, SnsOperations } from '../operation.ts';
import { bytesOf, MAX_MESSAGE_BYTES } from '../publisher.ts';
import { checkTopicArn } from '../topic.ts';
import { checkPolicy } from '../topicPolicy.ts';

const MAX_ENTRIES = 10;

export const publish =
  ({ topics, publisher, outbox, random, scheduler }: SnsDependencies): SnsOperations['Publish'] =>
  (input, context) => {
    const { TopicArn, TargetArn, PhoneNumber, Message = '', Subject } = input;
    if (bytesOf(input) > MAX_MESSAGE_BYTES) throw invalidParameter('Message too long');
    if (PhoneNumber !== undefined) {
      if (!/^\+?\d{4,20}$/.test(PhoneNumber))
        throw invalidParameter(`PhoneNumber Reason: ${PhoneNumber} is not valid to publish to`);
      if (Message === '') throw invalidParameter('Empty message');
      outbox.add({
        at: scheduler.now,
        topic: undefined,
        subscription: undefined,
        protocol: 'sms',
        endpoint: PhoneNumber,
        subject: Subject,
        body: Message,
      });
      return { MessageId: random.of('sns/sms').uuid() };
    }
    if (TopicArn === undefined && TargetArn?.includes(':endpoint/') === true)
      throw invalidParameter('TargetArn Reason: No endpoint found for the target arn specified');
    const topic = topics.get(checkTopicArn(TopicArn ?? TargetArn, context));
    checkPolicy(topic, context);
    return publisher.publish(topic, publisher.check(input, topic), context);
  };

export const publishBatch =
  ({ topics, publisher }: SnsDependencies): SnsOperations['PublishBatch'] =>
  ({ TopicArn, PublishBatchRequestEntries: entries = [] }, context) => {
    const topic = topics.get(checkTopicArn(TopicArn, context));
    checkPolicy(topic, context);
    if (entries.length === 0) throw emptyBatch();
    if (entries.length > MAX_ENTRIES) throw tooManyEntries();
    for (const { Id = '' } of entries) checkEntryId(Id);
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw entriesNotDistinct();
    if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > MAX_MESSAGE_BYTES) throw batchTooLong();
    // What is wrong with the batch as AWS sees it stops all of it; what is wrong with an entry's content fails that entry.
    const Successful: PublishBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    const checked: { readonly id: string; readonly content: Content }[] = [];
    entries.forEach((entry, index) => {
      const id = entry.Id ?? '';
      try {
        const path = `publishBatchRequestEntries.${index + 1}.member.messageAttributes`;
        checked.push({ id, content: publisher.check(entry, topic, path) });
      } catch (error) {
        if (!isAwsError(error) || !isOfEntry(error)) throw error;
        Failed.push({ Id: id, Code: 'InvalidParameter', Message: error.message, SenderFault: true });
      }
    });
    for (const { id, content } of checked) Successful.push({ Id: id, ...publisher.publish(topic, content, context) });
    return { Successful, Failed };
  };

const isOfEntry = ({ message }: { readonly message: string }): boolean =>
  /^Invalid parameter: (Empty message|Subject)/.test(message);

function checkEntryId(id: string): void {
  if (id.length > 80) throw invalidEntryId(`is too long: ${id}`);
  if (!/^[\w-]+$/.test(id)) throw invalidEntryId(`contains an impermissible character: ${id}`);
}
