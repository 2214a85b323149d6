import { inflateRawSync } from 'node:zlib';

/** A file, folder or link in a zip archive. */
export interface ZipEntry {
  /** With slashes, never absolute, never out of the archive. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Permission bits, or undefined when the archive has none. */
  readonly mode: number | undefined;
  /** The file's bytes, or where the link points. */
  read(): Buffer;
  /** Bytes when unpacked. */
  readonly size: number;
}

/** The bytes are no zip archive that can be unpacked here. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const UNIX = 3;
const TYPE_MASK = 0o170000;
const LINK = 0o120000;

/**
 * The entries of a zip archive, from its central directory. Nothing is unpacked before it is read.
 *
 * @throws {ZipError} when it is no archive, is encrypted, is a ZIP64 one, or a path leads out of it
 */
export function readZip(bytes: Buffer): ZipEntry[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new ZipError('ZIP64 archives are not read');
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw new ZipError('the central directory is damaged');
    entries.push(entryAt(bytes, at));
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= first; at--) if (bytes.readUInt32LE(at) === END) return at;
  throw new ZipError('it is no zip archive');
}

function entryAt(bytes: Buffer, at: number): ZipEntry {
  const flags = bytes.readUInt16LE(at + 8);
  if ((flags & 1) !== 0) throw new ZipError('an entry is encrypted');
  const method = bytes.readUInt16LE(at + 10);
  const packed = bytes.readUInt32LE(at + 20);
  const size = bytes.readUInt32LE(at + 24);
  const name = bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28));
  const unix = bytes.readUInt16LE(at + 4) >> 8 === UNIX ? bytes.readUInt32LE(at + 38) >>> 16 : 0;
  const offset = bytes.readUInt32LE(at + 42);
  const kind = (unix & TYPE_MASK) === LINK ? 'link' : name.endsWith('/') ? 'folder' : 'file';
  return {
    path: safePath(name),
    kind,
    mode: unix === 0 ? undefined : unix & 0o777,
    size,
    read: () => contents(bytes, offset, method, packed, size, name),
  };
}

/** @throws {ZipError} when it leads out of the archive */
function safePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (
    name.startsWith('/') ||
    name.includes('\\') ||
    name.includes('\0') ||
    parts.includes('..') ||
    /^[a-z]:/i.test(name)
  ) {
    throw new ZipError(`the path '${name}' leads out of the archive`);
  }
  return parts.join('/');
}

function contents(bytes: Buffer, offset: number, method: number, packed: number, size: number, name: string): Buffer {
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== LOCAL) throw new ZipError(`'${name}' is damaged`);
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const data = bytes.subarray(start, start + packed);
  if (data.length !== packed) throw new ZipError(`'${name}' is cut off`);
  if (method === STORED && packed === size) return data;
  if (method !== DEFLATED) throw new ZipError(`'${name}' is compressed by method ${method}`);
  try {
    // An entry that is longer than it says must not fill the memory.
    const result = inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
    if (result.length !== size) throw new ZipError(`'${name}' has another size than it says`);
    return result;
  } catch (error) {
    throw error instanceof ZipError ? error : new ZipError(`'${name}' is damaged`, { cause: error });
  }
}
