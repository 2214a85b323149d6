import { isAwsError } from '../../../kernel/awsError.ts';
import { type Principal, servicePrincipal } from '../../../kernel/credentials.ts';
import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { parseArn } from '../../../kernel/names.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import { functionArnOf, type Integration } from '../integration.ts';
import { INTERNAL_ERROR, SERVICE_UNAVAILABLE } from './answers.ts';
import type { Exchange, Integrate } from './exchange.ts';
import { lambdaAnswer } from './lambdaAnswer.ts';
import { ParameterMapping } from './parameterMapping.ts';
import { payload1 } from './payload1.ts';
import { payload2 } from './payload2.ts';
import { withStageVariables } from './stageVariables.ts';

/** Invokes a function and waits for its answer. */
export function lambdaProxy(integration: Integration, { aws }: Pick<ServiceEnvironment, 'aws'>): Integrate {
  const format = integration.PayloadFormatVersion === '2.0' ? '2.0' : '1.0';
  const eventOf = format === '2.0' ? payload2 : payload1;
  const mapping = new ParameterMapping(integration.RequestParameters);
  const { IntegrationUri: uri = '', CredentialsArn } = integration;
  const invoke = async (exchange: Exchange): Promise<HttpResponse> => {
    const { stage, activity, cause } = exchange;
    const functionArn = functionArnOf(withStageVariables(uri, stage.variables)) ?? '';
    const event = Buffer.from(JSON.stringify(eventOf(mapping.exchange(exchange))));
    const caller = {
      account: stage.account,
      region: parseArn(functionArn)?.region ?? stage.region,
      principal: principalOf(CredentialsArn, stage.account),
      cause,
      invocation: activity,
    };
    const running = aws(caller).lambda.Invoke({ FunctionName: functionArn, Payload: event });
    activity.pause();
    try {
      const { Payload, FunctionError } = await running;
      if (FunctionError === undefined) return lambdaAnswer(format, Payload);
      exchange.note(`the function failed: ${FunctionError}`);
      return INTERNAL_ERROR;
    } catch (error) {
      if (!isAwsError(error)) throw error;
      exchange.note(`${error.name}: ${error.message}`);
      return error.name === 'TooManyRequestsException' ? SERVICE_UNAVAILABLE : INTERNAL_ERROR;
    } finally {
      activity.resume();
    }
  };
  return (exchange) => ({ answer: invoke(exchange) });
}

/** A session of the integration's role, or API Gateway itself. */
function principalOf(roleArn: string | undefined, account: string): Principal {
  const role = parseArn(roleArn ?? '');
  if (roleArn === undefined || role === undefined) return servicePrincipal('apigateway', account);
  const name = role.resource.split('/').at(-1) ?? '';
  const session = 'BackplaneAssumeRoleSession';
  const arn = `arn:${role.partition}:sts::${role.account}:assumed-role/${name}/${session}`;
  return { kind: 'role', account: role.account, arn, roleArn, id: `${name}:${session}` };
}
