import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { TOPIC_ARN, variable } from '@skein/lambda/env';
import type { Upload } from './work.ts';

/** An event as EventBridge hands it over. */
interface UploadedEvent {
  readonly id: string;
  readonly detail: { readonly file?: string };
}

const TopicArn = variable(TOPIC_ARN);
const sns = new SNSClient({});

/** Tells all parts of the service of an upload, and nobody else. @throws when the event is none: Lambda tries again, then keeps it */
export const handler = async ({ id, detail }: UploadedEvent): Promise<void> => {
  if (!detail.file) throw new TypeError(`event ${id} names no file`);
  const upload: Upload = { id, file: detail.file };
  await sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(upload) }));
};
