import { type Match, Routes } from './routes.ts';
import type { OperationSchema } from './schema.ts';
import type { WireRequest } from './wire.ts';

// `bucket.s3.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com`, `bucket.localhost`, `bucket.s3.localhost`
const VIRTUAL_HOST = /^(.+?)\.(?:s3(?:[.-][^:]*)?|localhost)(?::\d+)?$/;

/** The bucket that a request names in its host or as the first part of its path, and the path without it. */
export function bucketOf({ headers, path }: WireRequest): { readonly bucket: string; readonly path: string } {
  const host = VIRTUAL_HOST.exec(headers['host'] ?? '')?.[1];
  if (host !== undefined && host !== 's3') return { bucket: host, path };
  const end = path.indexOf('/', 1);
  return end < 0 ? { bucket: path.slice(1), path: '/' } : { bucket: path.slice(1, end), path: path.slice(end) };
}

/** Tells S3's operations apart, whose patterns leave the bucket out. */
export function bucketMatcher(operations: readonly OperationSchema[]): (request: WireRequest) => Match | undefined {
  const ofBucket = new Routes(operations.filter(hasBucket));
  const ofService = new Routes(operations.filter((operation) => !hasBucket(operation)));
  return (request) => {
    const { method, query, headers } = request;
    const { bucket, path } = bucketOf(request);
    if (bucket === '') return ofService.match(method, path, query, headers);
    const match = ofBucket.match(method, path, query, headers);
    if (match === undefined) return ofService.match(method, request.path, query, headers);
    try {
      return { ...match, labels: { ...match.labels, Bucket: decodeURIComponent(bucket) } };
    } catch {
      return undefined; // a percent sign that encodes nothing names no bucket
    }
  };
}

const hasBucket = ({ input }: OperationSchema): boolean => input.members.get('Bucket')?.traits.httpLabel === 1;
