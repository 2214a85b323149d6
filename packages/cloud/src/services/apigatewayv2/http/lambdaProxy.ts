import { isAwsError } from '../../../kernel/awsError.ts';
import { type Principal, rolePrincipal, servicePrincipal } from '../../../kernel/credentials.ts';
import type { HttpResponse } from '../../../kernel/endpoints.ts';
import { parseArn } from '../../../kernel/names.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import { functionArnOf, type Integration } from '../integration.ts';
import { INTERNAL_ERROR, SERVICE_UNAVAILABLE, TOO_LARGE } from './answers.ts';
import type { Exchange, Integrate, StageFacts } from './exchange.ts';
import { lambdaAnswer } from './lambdaAnswer.ts';
import { ParameterMapping } from './parameterMapping.ts';
import { payload1 } from './payload1.ts';
import { payload2 } from './payload2.ts';
import { withStageVariables } from './stageVariables.ts';

/** Invokes a function and waits for its answer. */
export function lambdaProxy(
  integration: Integration,
  stage: StageFacts,
  { aws }: Pick<ServiceEnvironment, 'aws'>,
): Integrate {
  const format = integration.PayloadFormatVersion === '2.0' ? '2.0' : '1.0';
  const eventOf = format === '2.0' ? payload2 : payload1;
  const mapping = new ParameterMapping(integration.RequestParameters);
  const functionArn = functionArnOf(withStageVariables(integration.IntegrationUri ?? '', stage.variables)) ?? '';
  const caller = {
    account: stage.account,
    region: parseArn(functionArn)?.region ?? stage.region,
    principal: principalOf(integration.CredentialsArn, stage.account),
  };
  const invoke = async (exchange: Exchange): Promise<HttpResponse> => {
    const { activity, cause } = exchange;
    const event = Buffer.from(JSON.stringify(eventOf(mapping.exchange(exchange))));
    const running = aws({ ...caller, cause, invocation: activity }).lambda.Invoke({
      FunctionName: functionArn,
      Payload: event,
    });
    activity.pause();
    try {
      const { Payload, FunctionError } = await running;
      if (FunctionError === undefined) return lambdaAnswer(format, Payload);
      exchange.note(`the function failed: ${FunctionError}`);
      return INTERNAL_ERROR;
    } catch (error) {
      if (!isAwsError(error)) throw error;
      exchange.note(`${error.name}: ${error.message}`);
      return REFUSALS[error.name] ?? INTERNAL_ERROR;
    } finally {
      activity.resume();
    }
  };
  return (exchange) => ({ answer: invoke(exchange) });
}

/** What clients see of Lambda's refusals: a throttled function is not there for now. */
const REFUSALS: Readonly<Record<string, HttpResponse>> = {
  RequestEntityTooLargeException: TOO_LARGE,
  TooManyRequestsException: SERVICE_UNAVAILABLE,
};

/** A session of the integration's role, or API Gateway itself. */
const principalOf = (roleArn = '', account: string): Principal =>
  rolePrincipal(roleArn, 'BackplaneAssumeRoleSession') ?? servicePrincipal('apigateway', account);
