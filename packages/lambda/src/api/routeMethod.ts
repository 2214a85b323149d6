import type { HandlerFunction, Middleware, PathParams, RouteFunction } from './types.ts';

/** Defines a route: a path (none means everything), middleware, and the handler. */
export interface RouteMethod<Self, Namespaces, Base> {
  <const P extends string>(path: P, handler: HandlerFunction<PathParams<P>, Namespaces, Base>): Self;
  <const P extends string, A, R>(
    path: P,
    first: Middleware<A, R>,
    handler: HandlerFunction<PathParams<P>, Namespaces, Base & A, NoInfer<R>>,
  ): Self;
  <const P extends string, A, B, R, S>(
    path: P,
    first: Middleware<A, R>,
    second: Middleware<B, S>,
    handler: HandlerFunction<PathParams<P>, Namespaces, Base & A & B, NoInfer<R & S>>,
  ): Self;
  <const P extends string, A, B, C, R, S, T>(
    path: P,
    first: Middleware<A, R>,
    second: Middleware<B, S>,
    third: Middleware<C, T>,
    handler: HandlerFunction<PathParams<P>, Namespaces, Base & A & B & C, NoInfer<R & S & T>>,
  ): Self;
  <const P extends string>(path: P, ...functions: readonly RouteFunction<PathParams<P>, Namespaces, Base>[]): Self;
  (...functions: readonly RouteFunction<Record<string, string>, Namespaces, Base>[]): Self;
}
