import type { Reply } from './reply.ts';
import type { RequestView } from './request.ts';

/** Runs the rest of the stack. Returns when that is done, or a promise if it takes longer; an error given to it goes to the error middleware. */
export type NextFunction = (error?: unknown) => Promise<void> | undefined;

/** As the machinery sees a route's function; users see the typed forms in types.ts. */
export type Handler = (req: RequestView, res: Reply, next: NextFunction) => unknown;

/** As the machinery sees middleware. */
export type Middleware = Handler;

/** As the machinery sees error middleware. */
export type ErrorHandler = (error: unknown, req: RequestView, res: Reply, next: NextFunction) => unknown;

/** As the machinery sees the function that runs at the end of each request. */
export type FinallyHandler = (req: RequestView, res: Reply) => unknown;
