import { BadRequestException, ConflictException, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import { AwsError } from '../../kernel/awsError.ts';

export const badRequest = (message: string): BadRequestException => new BadRequestException({ message, $metadata: {} });

export const conflict = (message: string): ConflictException => new ConflictException({ message, $metadata: {} });

export const notFound = (message: string): NotFoundException => new NotFoundException({ message, $metadata: {} });

export const apiNotFound = (account: string, id: string): NotFoundException =>
  notFound(`Invalid API identifier specified ${account}:${id}`);

/** @param what - `Route`, `Integration`, `stage` or `Deployment` */
export const partNotFound = (what: string, id: string): NotFoundException =>
  notFound(`Invalid ${what} identifier specified ${id}`);

export const badRouteKey = (): BadRequestException =>
  badRequest(
    'The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"',
  );

/** Something that AWS has and this cloud lacks: our own refusal. */
export const unsupported = (what: string, instead: string): AwsError =>
  new AwsError('NotImplemented', 501, `Skein does not support ${what}: ${instead}`);
