import { type AwsErrorLike, isAwsError } from '../kernel/awsError.ts';
import { toBuffer } from './json.ts';
import type { Shape, StructureShape } from './schema.ts';

/** The type of bodies that are streams of events. https://smithy.io/2.0/aws/amazon-eventstream.html */
export const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** How a protocol writes the payload of events. */
export interface EventCodec {
  readonly contentType: string;
  readonly write: (shape: Shape, value: unknown) => string | Uint8Array;
}

/** The member of a structure that is a stream of events, when it has one. */
export function eventStreamOf({
  members,
}: StructureShape): readonly [member: string, events: StructureShape] | undefined {
  for (const [member, shape] of members) if (isEventStream(shape)) return [member, shape];
  return undefined;
}

/** Whether a member is a stream of events. */
export const isEventStream = (shape: Shape): shape is StructureShape =>
  shape.kind === 'union' && shape.traits.streaming === 1;

/**
 * Events as frames, one for each. An error that the service throws on the way becomes the last frame: an exception when the model has it
 * among the events.
 */
export async function* writeEvents(
  events: StructureShape,
  items: AsyncIterable<Readonly<Record<string, unknown>>>,
  codec: EventCodec,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const item of items) {
      for (const [member, shape] of events.members) {
        const value = item[member];
        if (value !== undefined && value !== null) yield writeEvent(member, shape, value, codec);
      }
    }
  } catch (error) {
    yield writeFailure(events, error, codec);
  }
}

/** The first frame of the RPC protocols: the output's other members. */
export const writeInitialResponse = (payload: string | Uint8Array, contentType: string): Buffer =>
  encodeFrame(
    [
      [':event-type', 'initial-response'],
      [':message-type', 'event'],
      [':content-type', contentType],
    ],
    toBuffer(payload),
  );

function writeEvent(member: string, shape: Shape, value: unknown, { contentType, write }: EventCodec): Buffer {
  const isError = shape.traits.error !== undefined;
  const headers: Header[] = [
    [isError ? ':exception-type' : ':event-type', member],
    [':message-type', isError ? 'exception' : 'event'],
  ];
  if (shape.kind !== 'structure')
    return encodeFrame([...headers, [':content-type', contentType]], toBuffer(write(shape, value)));
  const record = value as Readonly<Record<string, unknown>>; // a structure in the SDK's types
  let payload: readonly [shape: Shape, value: unknown] | undefined;
  let bound = false;
  for (const [name, target] of shape.members) {
    const item = record[name];
    if (target.traits.eventHeader === 1) {
      bound = true;
      if (item !== undefined && item !== null) headers.push([name, item as HeaderValue]); // the model allows these types alone
    } else if (target.traits.eventPayload === 1) {
      bound = true;
      payload = [target, item];
    }
  }
  if (!bound) payload = [shape, value];
  if (payload === undefined || payload[1] === undefined || payload[1] === null) return encodeFrame(headers, EMPTY);
  const [target, content] = payload;
  if (target.kind === 'blob')
    return encodeFrame([...headers, [':content-type', 'application/octet-stream']], toBuffer(content));
  if (target.kind === 'string') return encodeFrame([...headers, [':content-type', 'text/plain']], toBuffer(content));
  return encodeFrame([...headers, [':content-type', contentType]], toBuffer(write(target, content)));
}

function writeFailure(events: StructureShape, error: unknown, codec: EventCodec): Buffer {
  const failure: Pick<AwsErrorLike, 'name' | 'message'> = isAwsError(error)
    ? error
    : { name: 'InternalFailure', message: error instanceof Error ? error.message : String(error) };
  for (const [member, shape] of events.members) {
    if (shape.kind === 'structure' && shape.traits.error !== undefined && shape.name === failure.name) {
      return writeEvent(member, shape, { ...failure, message: failure.message, Message: failure.message }, codec);
    }
  }
  return encodeFrame(
    [
      [':message-type', 'error'],
      [':error-code', failure.name],
      [':error-message', failure.message],
    ],
    EMPTY,
  );
}

type HeaderValue = string | number | bigint | boolean | Date | Uint8Array;
type Header = readonly [name: string, value: HeaderValue];

const EMPTY = Buffer.alloc(0);

/** A frame: lengths, their checksum, headers, payload, checksum of it all. */
function encodeFrame(headers: readonly Header[], payload: Buffer): Buffer {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  const head = Buffer.concat(headers.map(encodeHeader));
  const frame = Buffer.alloc(16 + head.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  frame.set(head, 12);
  frame.set(payload, 12 + head.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, frame.length - 4)), frame.length - 4);
  return frame;
}

function encodeHeader([name, value]: Header): Buffer {
  return Buffer.concat([Buffer.from([Buffer.byteLength(name)]), Buffer.from(name), encodeValue(value)]);
}

function encodeValue(value: HeaderValue): Buffer {
  switch (typeof value) {
    case 'boolean':
      return Buffer.from([value ? 0 : 1]);
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? int32(value) : int64(5, BigInt(Math.trunc(value)));
    case 'bigint':
      return int64(5, value);
    default: {
      if (value instanceof Date) return int64(8, BigInt(value.getTime()));
      const bytes = toBuffer(value);
      const head = Buffer.from([value instanceof Uint8Array ? 6 : 7, 0, 0]);
      head.writeUInt16BE(bytes.length, 1);
      return Buffer.concat([head, bytes]);
    }
  }
}

function int32(value: number): Buffer {
  const bytes = Buffer.from([4, 0, 0, 0, 0]);
  bytes.writeInt32BE(value, 1);
  return bytes;
}

function int64(type: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9);
  bytes[0] = type;
  bytes.writeBigInt64BE(value, 1);
  return bytes;
}
