export type { RequestLog } from '../log/appLogger.ts';
export type { LoggerOptions, SamplingOptions, SamplingRule, Serializers } from '../log/options.ts';
export type { Api, Listening, Method, RegisterOptions, RouteInfo, RunCallback } from './api.ts';
export type { LambdaContext } from './app.ts';
export type { Auth } from './auth.ts';
export type { ByteSource } from './byteSource.ts';
export type { Answers, ContractOptions, Validated } from './contract.ts';
export { contract } from './contract.ts';
export type { CookieOptions } from './cookies.ts';
export { createApi, createApi as default } from './createApi.ts';
export type { Fault } from './errors.ts';
export {
  ApiError,
  ConfigurationError,
  FileError,
  MethodError,
  ResponseError,
  RouteError,
  ValidationError,
} from './errors.ts';
export type { Answer, HttpEvent, RequestContext } from './event.ts';
export type { FileCallback, FileOptions } from './fileOptions.ts';
export type { CorsOptions } from './fullReply.ts';
export type { ClientType } from './fullRequest.ts';
export type { NextFunction } from './functions.ts';
export type { Encoding, Options, S3Config } from './options.ts';
export type { StandardSchema } from './standardSchema.ts';
export type {
  BodyOf,
  DefaultStatus,
  ErrorHandlingMiddleware,
  FinallyFunction,
  HandlerFunction,
  Middleware,
  PathParams,
  Request,
  Response,
  Result,
  StatusOf,
} from './types.ts';
export { errorMiddleware, middleware } from './types.ts';
