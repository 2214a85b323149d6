import { fileURLToPath } from 'node:url';
import { TABLE_NAME } from '@skein/lambda/env';
import { DistributedTrigger, ServiceFunction } from '@skein/patterns';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';

const app = new App();
const stack = new Stack(app, 'DistributedTriggerRaces');

const pathOf = (module: string): string => fileURLToPath(new URL(module, import.meta.url));

// The service, and one with a part that lacks the guard.
service('Uploads', '../../functions/work.ts', ['thumbnails', 'search']);
service('ForgetfulUploads', 'forgetfulWork.ts', ['thumbnails']);

function service(id: string, work: string, parts: readonly string[]): void {
  const trigger = new ServiceFunction(stack, `${id}Trigger`, { entry: pathOf('../../functions/trigger.ts') });
  const subscribers = Object.fromEntries(
    parts.map((part) => {
      const done = new Table(stack, `${id}-${part}-table`, {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        billingMode: BillingMode.PAY_PER_REQUEST,
      });
      const handler = new ServiceFunction(stack, `${id}-${part}`, {
        entry: pathOf(work),
        environment: { [TABLE_NAME]: done.tableName },
        timeout: Duration.seconds(10),
      });
      done.grant(handler, 'dynamodb:PutItem');
      return [part, handler];
    }),
  );
  new DistributedTrigger(stack, id, { trigger, subscribers });
  new CfnOutput(stack, `${id}TriggerName`, { value: trigger.functionName });
}
