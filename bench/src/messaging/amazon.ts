/** Headers of a request to SQS: a signature that nobody checks, as the peer does not. */
export const sqsHeaders = (operation: string): Record<string, string> => ({
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': `AmazonSQS.${operation}`,
  authorization:
    'AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/sqs/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
  'x-amz-date': '20261124T000000Z',
});

/** Calls an operation of SQS without a client. @throws {Error} when it answers an error */
export async function callSqs(port: number, operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: sqsHeaders(operation),
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** A signature for another service that nobody checks. */
const signed = (service: string): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20261124/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`,
  'x-amz-date': '20261124T000000Z',
});

/** Calls an operation of SNS without a client. @returns the XML of its answer @throws {Error} when it answers an error */
export async function callSns(port: number, Action: string, input: Record<string, string>): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { ...signed('sns'), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ Action, Version: '2010-03-31', ...input }).toString(),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${Action} answered ${response.status}: ${text}`);
  return text;
}

/** Calls an operation of Lambda without a client. @throws {Error} when it answers an error */
export async function callLambda(
  port: number,
  path: string,
  body: string,
  method = 'POST',
): Promise<Record<string, unknown>> {
  const headers = { ...signed('lambda'), 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
  const text = await response.text();
  if (!response.ok || response.headers.has('x-amz-function-error'))
    throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
