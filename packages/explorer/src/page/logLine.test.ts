import { expect, it } from 'vitest';
import { readLogLine } from './logLine.ts';

const ID = '8f5e2b1c-3d4e-4f5a-9b6c-7d8e9f0a1b2c';

it.each([
  [`2026-11-24T06:00:00.000Z\t${ID}\tINFO\torder created\n`, 'INFO  order created', undefined],
  [`2026-11-24T06:00:00.000Z\t${ID}\tERROR\tno such order`, 'ERROR  no such order', 'bad'],
  [`2026-11-24T06:00:01.000Z ${ID} Task timed out after 1.00 seconds`, undefined, 'bad'],
  [`REPORT RequestId: ${ID}\tDuration: 12.61 ms`, `REPORT RequestId: ${ID}  Duration: 12.61 ms`, 'platform'],
  ['written raw', 'written raw', undefined],
  [`{"timestamp":"x","level":"INFO","requestId":"${ID}","message":"hello"}`, 'INFO  hello', undefined],
  [`{"level":"error","message":{"a":1},"order":7}`, 'ERROR  {"a":1}  {"order":7}', 'bad'],
  [
    `{"time":"x","type":"platform.report","record":{"requestId":"${ID}","metrics":{"durationMs":33.3,"billedDurationMs":166,"memorySizeMB":1024,"maxMemoryUsedMB":74,"initDurationMs":132.4},"status":"success"}}`,
    `report  ${ID}  success  33.3 ms  billed 166 ms  init 132.4 ms  74 of 1024 MB`,
    'platform',
  ],
  ['{"not":"a log record"}', '{"not":"a log record"}', undefined],
  ['{broken', '{broken', undefined],
])('reads %j', (message, text, kind) => {
  expect(readLogLine(message)).toEqual({ text: text ?? message, kind });
});
