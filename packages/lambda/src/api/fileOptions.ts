/** How a file is sent. */
export interface FileOptions {
  /** How long it may be cached, in milliseconds. @default 0 */
  readonly maxAge?: number;
  /** Folder that the file must be in; relative names start there. @default - the function's code folder */
  readonly root?: string;
  /** `false` for no `last-modified`, or a date to say instead of the file's own. @default true */
  readonly lastModified?: boolean | string | Date;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `false` for no `cache-control`, or its value. @default true */
  readonly cacheControl?: boolean | string;
  /** Only for the client's own cache. @default false */
  readonly private?: boolean;
}

/** Called after a file was read, with the error if it could not be. The answer waits for it. */
export type FileCallback = (error?: unknown) => unknown;
