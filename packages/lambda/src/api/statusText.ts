/** Reason phrases of RFC 9110 and its companions. One text, since nobody should pay for a table before one of them is asked for. */
const TEXTS =
  '\n100 Continue\n101 Switching Protocols\n102 Processing\n103 Early Hints\n' +
  '200 OK\n201 Created\n202 Accepted\n203 Non-Authoritative Information\n204 No Content\n205 Reset Content\n206 Partial Content\n207 Multi-Status\n208 Already Reported\n226 IM Used\n' +
  '300 Multiple Choices\n301 Moved Permanently\n302 Found\n303 See Other\n304 Not Modified\n307 Temporary Redirect\n308 Permanent Redirect\n' +
  "400 Bad Request\n401 Unauthorized\n402 Payment Required\n403 Forbidden\n404 Not Found\n405 Method Not Allowed\n406 Not Acceptable\n407 Proxy Authentication Required\n408 Request Timeout\n409 Conflict\n410 Gone\n411 Length Required\n412 Precondition Failed\n413 Payload Too Large\n414 URI Too Long\n415 Unsupported Media Type\n416 Range Not Satisfiable\n417 Expectation Failed\n418 I'm a teapot\n421 Misdirected Request\n422 Unprocessable Entity\n423 Locked\n424 Failed Dependency\n425 Too Early\n426 Upgrade Required\n428 Precondition Required\n429 Too Many Requests\n431 Request Header Fields Too Large\n451 Unavailable For Legal Reasons\n" +
  '500 Internal Server Error\n501 Not Implemented\n502 Bad Gateway\n503 Service Unavailable\n504 Gateway Timeout\n505 HTTP Version Not Supported\n506 Variant Also Negotiates\n507 Insufficient Storage\n508 Loop Detected\n511 Network Authentication Required\n';

/** Reason phrase of a status code, `Unknown` for one that has none. */
export function statusText(code: number): string {
  const start = TEXTS.indexOf(`\n${code} `);
  return start < 0 ? 'Unknown' : TEXTS.slice(start + 5, TEXTS.indexOf('\n', start + 1));
}
