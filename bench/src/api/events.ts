/** A case of the bench: an event, and what a right answer has in its body. */
export interface Case {
  readonly name: string;
  /** The event as Lambda delivers it. */
  readonly text: string;
  /** Handler that it is for. */
  readonly entry: 'handler' | 'withMiddleware';
  readonly status: number;
  /** Text that the answer's body contains. */
  readonly contains: string;
}

/** What a browser sends to an API, and what the gateway adds. */
const headers = {
  accept: 'application/json, text/plain, */*',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'accept-language': 'en-GB,en;q=0.9',
  authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjdXN0b21lci00MiJ9.c2lnbmF0dXJl',
  'content-type': 'application/json',
  host: 'abcdefghij.execute-api.eu-west-1.amazonaws.com',
  origin: 'https://shop.example.com',
  referer: 'https://shop.example.com/',
  'sec-ch-ua': '"Chromium";v="140", "Not=A?Brand";v="24"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Linux"',
  'sec-fetch-dest': 'empty',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'cross-site',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'x-amzn-trace-id': 'Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e',
  'x-forwarded-for': '203.0.113.7',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
};

const titled = Object.fromEntries(
  Object.entries(headers).map(([name, value]) => [
    name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    value,
  ]),
);

function restEvent(method: string, path: string, body: string | null): unknown {
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: titled,
    multiValueHeaders: Object.fromEntries(Object.entries(titled).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: headers.host,
      httpMethod: method,
      path: `/prod${path}`,
      protocol: 'HTTP/1.1',
      requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
      resourcePath: '/{proxy+}',
      stage: 'prod',
      identity: {
        sourceIp: '203.0.113.7',
        userAgent: headers['user-agent'],
        accessKey: null,
        accountId: null,
        caller: null,
        user: null,
      },
    },
    body,
    isBase64Encoded: false,
  };
}

function httpEvent(method: string, path: string, body: string | null): unknown {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: headers.host,
      domainPrefix: 'abcdefghij',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: headers['user-agent'] },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '10/Mar/2026:05:16:23 +0000',
      timeEpoch: 1773119783000,
    },
    ...(body === null ? {} : { body }),
    isBase64Encoded: false,
  };
}

/** About 1 KB of JSON. */
const order = JSON.stringify({
  id: 'order-1',
  customer: 'customer-42',
  items: Array.from({ length: 12 }, (_, index) => ({
    sku: `sku-${index}`,
    quantity: index + 1,
    price: 1999,
    note: 'gift wrap, please',
  })),
});

/** All cases, for both kinds of events. */
export const cases: readonly Case[] = (['v1', 'v2'] as const).flatMap((version): Case[] => {
  const event = (method: string, path: string, body: string | null = null): string =>
    JSON.stringify(version === 'v1' ? restEvent(method, path, body) : httpEvent(method, path, body));
  return [
    {
      name: `static route, ${version}`,
      text: event('GET', '/health'),
      entry: 'handler',
      status: 200,
      contains: '"ok":true',
    },
    {
      name: `parameter among 50, ${version}`,
      text: event('GET', '/r37/abc'),
      entry: 'handler',
      status: 200,
      contains: '"id":"abc"',
    },
    {
      name: `POST of 1 KB, ${version}`,
      text: event('POST', '/orders', order),
      entry: 'handler',
      status: 200,
      contains: '"items":12',
    },
    {
      name: `three middlewares, ${version}`,
      text: event('GET', '/health'),
      entry: 'withMiddleware',
      status: 200,
      contains: '"ok":true',
    },
    { name: `404, ${version}`, text: event('GET', '/nowhere/at/all'), entry: 'handler', status: 404, contains: '' },
  ];
});
