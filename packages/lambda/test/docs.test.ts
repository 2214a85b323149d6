import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Answer } from '../src/api/index.ts';
import { context, httpEvent } from './api/events.ts';
import { ExampleFolder, root } from './examples.ts';

const pages = join(root, 'docs/lambda');
const readme = join(root, 'packages/lambda/README.md');
const folder = new ExampleFolder('examples');

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
  readonly status: number;
  readonly answer: string | undefined;
  readonly answerHeaders: Record<string, string>;
}

interface Example {
  readonly name: string;
  readonly file: string;
  readonly exchanges: readonly Exchange[];
}

const unescaped = (text: string): string => text.replaceAll('\\r', '\r').replaceAll('\\n', '\n');

/** Reads `METHOD path body`, headers, `status body`, headers. */
function exchangeOf(text: string): Exchange {
  const lines = text.split('\n');
  const [, method = '', path = '', body] = /^(\S+) (\S+)(?: (.*))?$/.exec(lines[0] ?? '') ?? [];
  const split = lines.findIndex((line, index) => index > 0 && /^\d{3}( |$)/.test(line));
  const [, status = '', answer] = /^(\d{3})(?: (.*))?$/.exec(lines[split] ?? '') ?? [];
  const headers = (from: readonly string[]): Record<string, string> =>
    Object.fromEntries(from.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
  return {
    method,
    path,
    body: body === undefined ? undefined : unescaped(body),
    headers: headers(lines.slice(1, split)),
    status: Number(status),
    answer:
      answer === undefined ? undefined : answer.startsWith('{') || answer.startsWith('[') ? answer : unescaped(answer),
    answerHeaders: headers(lines.slice(split + 1)),
  };
}

function examplesOf(path: string): Example[] {
  const page = path.slice(path.lastIndexOf('/') + 1, -3);
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language, text = '']) => ({ language, text }),
  );
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'ts') return [];
    const next = blocks[index + 1];
    const exchanges = next?.language === 'http' ? next.text.trim().split(/\n\n+/).map(exchangeOf) : [];
    const name = `${page}, example ${index}`;
    return [{ name, file: folder.add(`${page}-${index}`, text), exchanges }];
  });
}

const examples = [...readdirSync(pages).map((page) => join(pages, page)), readme].flatMap(examplesOf);

afterAll(() => folder[Symbol.dispose]());

describe('the guides', () => {
  it('have an example with requests for every topic', () => {
    expect(examples.length).toBeGreaterThan(20);
    for (const { name, exchanges } of examples) expect([name, exchanges.length > 0]).toEqual([name, true]);
  });

  it('compile', () => folder.compile());

  it.each(examples)('$name does what the page says', async ({ file, exchanges }) => {
    const module: { handler: (event: object, context: object) => Promise<Answer> } = await import(
      /* @vite-ignore */ file
    );
    for (const { method, path, body, headers, status, answer, answerHeaders } of exchanges) {
      const [route = '', search = ''] = path.split('?');
      const { cookie, ...others } = headers;
      const event = httpEvent(method, route, {
        search,
        headers: others,
        ...(body === undefined ? {} : { body }),
        ...(cookie === undefined ? {} : { cookies: [cookie] }),
      });
      const got = await module.handler(event, context);
      const text = got.isBase64Encoded ? Buffer.from(got.body, 'base64').toString() : got.body;
      expect({ method, path, status: got.statusCode, answer: text === '' ? undefined : text }).toEqual({
        method,
        path,
        status,
        answer,
      });
      expect(got.headers).toMatchObject(answerHeaders);
    }
  });
});
