import { type Auth, parseAuth } from './auth.ts';
import { Bare } from './bare.ts';
import { decodeText } from './charset.ts';
import { parseCookies } from './cookies.ts';
import { listOf, type Memo, RequestView } from './request.ts';

/** Kind of device, by CloudFront's reading of the user agent. */
export type ClientType = 'desktop' | 'mobile' | 'tablet' | 'tv' | 'unknown';

/** What was computed of a request so far; these members are only there once they were. */
interface FullMemo extends Memo {
  multiValueHeaders?: Record<string, string[]>;
  cookies?: Record<string, string>;
  auth?: Auth;
}

/** A request with everything that is known of its client. */
export class FullRequest extends RequestView {
  // No field of its own: initializing one costs every request, and most ask for none of this.
  get #cache(): FullMemo {
    return this.cache;
  }

  /** `apigateway` (also for function URLs) or `alb`. */
  get interface(): 'apigateway' | 'alb' {
    return this.source.name;
  }

  /** Version of the payload, for HTTP APIs and function URLs; else `null`. */
  get payloadVersion(): string | null {
    return this.event.version ?? null;
  }

  /** Headers as they came, names as they were written. */
  get rawHeaders(): Readonly<Record<string, string | undefined>> {
    return this.event.headers ?? {};
  }

  get pathParameters(): Readonly<Record<string, string | undefined>> | null {
    return this.event.pathParameters ?? null;
  }

  get stageVariables(): Readonly<Record<string, string | undefined>> | null {
    return this.event.stageVariables ?? null;
  }

  protected override decodeText(bytes: Buffer, contentType: string): string {
    return decodeText(bytes, contentType);
  }

  /** Headers by lower-case name, with all their values. */
  get multiValueHeaders(): Record<string, string[]> {
    return (this.#cache.multiValueHeaders ??= this.#readMultiValueHeaders());
  }

  /** Credentials of the `authorization` header. */
  get auth(): Auth {
    return (this.#cache.auth ??= parseAuth(this.header('authorization', 'Authorization')));
  }

  /** Decoded cookies. */
  get cookies(): Record<string, string> {
    return (this.#cache.cookies ??= parseCookies(
      this.event.cookies === undefined ? this.#cookieHeaders() : listOf(this.event.cookies),
    ));
  }

  /** Address of the client, as the gateway saw it; behind a load balancer the last address it forwarded. */
  get ip(): string {
    const { http, identity } = this.requestContext;
    const seen = http?.sourceIp ?? identity?.sourceIp;
    if (seen) return seen;
    return this.header('x-forwarded-for', 'X-Forwarded-For')?.split(',').at(-1)?.trim() ?? '';
  }

  get userAgent(): string {
    const { http, identity } = this.requestContext;
    const headers = this.#written;
    return (
      headers['User-Agent'] ??
      headers['user-agent'] ??
      http?.userAgent ??
      identity?.userAgent ??
      this.headers['user-agent'] ??
      ''
    );
  }

  /** Kind of device, when CloudFront is in front. */
  get clientType(): ClientType {
    const headers = this.#written;
    if ((headers['CloudFront-Is-Desktop-Viewer'] ?? headers['cloudfront-is-desktop-viewer']) === 'true')
      return 'desktop';
    if ((headers['CloudFront-Is-Mobile-Viewer'] ?? headers['cloudfront-is-mobile-viewer']) === 'true') return 'mobile';
    if ((headers['CloudFront-Is-Tablet-Viewer'] ?? headers['cloudfront-is-tablet-viewer']) === 'true') return 'tablet';
    if ((headers['CloudFront-Is-SmartTV-Viewer'] ?? headers['cloudfront-is-smarttv-viewer']) === 'true') return 'tv';
    return 'unknown';
  }

  /** Country of the client, when CloudFront is in front. */
  get clientCountry(): string {
    const headers = this.#written;
    const country = headers['CloudFront-Viewer-Country'] ?? headers['cloudfront-viewer-country'];
    return country === undefined ? 'unknown' : String(country).toUpperCase();
  }

  /** Headers for those of which the two ways to write them are known: as they came, if they came with single values. */
  get #written(): Readonly<Record<string, string | undefined>> {
    return this.event.headers ?? this.headers;
  }

  #readMultiValueHeaders(): Record<string, string[]> {
    const all = new Bare<string[]>();
    const multi = this.event.multiValueHeaders;
    if (multi) {
      for (const name in multi) {
        if (name === '__proto__') continue;
        const key = name.toLowerCase();
        all[key] = [...(all[key] ?? []), ...listOf(multi[name])];
      }
      return all;
    }
    const { headers } = this;
    for (const name in headers) all[name] = [headers[name] ?? ''];
    return all;
  }

  #cookieHeaders(): string[] {
    const header = this.headers['cookie'];
    return header === undefined ? [] : [header];
  }
}
