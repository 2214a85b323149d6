import type { FileError } from './errors.ts';
import type { FileCallback, FileOptions } from './fileOptions.ts';
import type { FullReply } from './fullReply.ts';
import type { Tools } from './tools.ts';

/** Bytes with what is known of them. */
interface Loaded {
  readonly bytes: Uint8Array;
  readonly type?: string | undefined;
  readonly modified?: Date | undefined;
  readonly etag?: string | undefined;
}

/** Answers with a file: of the function, of S3, or bytes. */
export async function sendFile(
  reply: FullReply,
  file: string | Uint8Array,
  options: FileOptions,
  callback: FileCallback | undefined,
  tools: Tools,
): Promise<void> {
  try {
    const loaded = await load(reply, file, options, tools);
    describe(reply, loaded, options);
    await callback?.();
    reply.send(loaded.bytes);
  } catch (error) {
    if (callback === undefined) throw error;
    await callback(error);
    // A callback that takes no notice of the error must not leave the request without an answer.
    if (!reply.answered) throw error;
  }
}

async function load(reply: FullReply, file: string | Uint8Array, options: FileOptions, tools: Tools): Promise<Loaded> {
  if (typeof file !== 'string') return { bytes: file };
  if (!file.startsWith('s3://')) return readLocal(file, options.root, tools);
  const { getObject } = await import('./s3.ts');
  return getObject(file, reply.request.app.options.s3Config, tools);
}

function describe(reply: FullReply, { bytes: _, type, modified, etag }: Loaded, options: FileOptions): void {
  for (const name in options.headers) reply.header(name, options.headers[name]);
  if (reply.contentType === 'application/json') reply.header('content-type', type ?? 'application/octet-stream');
  if (etag !== undefined && !reply.hasHeader('etag')) reply.header('etag', etag);
  const { cacheControl = true, maxAge = 0, lastModified = true } = options;
  if (cacheControl === true) reply.cache(maxAge, options.private);
  else if (cacheControl !== false) reply.header('cache-control', cacheControl);
  if (lastModified === true) reply.modified(modified ?? new Date());
  else reply.modified(lastModified);
}

/** Reads a file that is in the root. Without a root: in the function's code or in the temporary folder. */
async function readLocal(file: string, root: string | undefined, tools: Tools): Promise<Loaded> {
  const { isAbsolute, relative, resolve, extname, sep } = process.getBuiltinModule('node:path');
  const { readFile, realpath, stat } = process.getBuiltinModule('node:fs').promises;
  const { tmpdir } = process.getBuiltinModule('node:os');
  const home = resolve(root ?? process.env['LAMBDA_TASK_ROOT'] ?? '.');
  const roots = root === undefined ? [home, resolve(tmpdir())] : [home];
  const inside = (folder: string, path: string): boolean => {
    const way = relative(folder, path);
    return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  };
  const failure = (message: string, cause: unknown, code: number): FileError =>
    tools.quiet(() => new tools.FileError(message, cause, code));
  const refuse = (): FileError => failure('File is outside of the root', undefined, 403);

  const wanted = resolve(home, file);
  if (!roots.some((folder) => inside(folder, wanted))) throw refuse();
  try {
    const [path, ...folders] = await Promise.all(
      [wanted, ...roots].map((each) =>
        realpath(each).catch((error) => (each === wanted ? Promise.reject(error) : each)),
      ),
    );
    // A link in the root may lead out of it.
    if (path === undefined || !folders.some((folder) => inside(folder, path))) throw refuse();
    const info = await stat(path);
    if (!info.isFile()) throw failure('No such file', undefined, 404);
    return { bytes: await readFile(path), type: tools.mimeType(extname(path)), modified: info.mtime };
  } catch (error) {
    if (error instanceof tools.FileError) throw error;
    throw failure('No such file', error, 404);
  }
}
