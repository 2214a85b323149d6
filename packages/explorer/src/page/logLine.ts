/** A line of a function's log as people read it. */
export interface LogLine {
  readonly text: string;
  /** `platform`: Lambda's own. `bad`: an error. */
  readonly kind: 'platform' | 'bad' | undefined;
}

/** Reads a line in either of Lambda's formats; what is neither stays as it is. */
export function readLogLine(message: string): LogLine {
  const line = message.trimEnd();
  if (line.startsWith('{')) return readJson(line);
  if (/^(START|END|REPORT|INIT_START|INIT_REPORT) /.test(line)) return { text: columns(line), kind: 'platform' };
  const isBad = /\t(ERROR|FATAL)\t/.test(line) || line.includes('Task timed out after');
  // The row has the time already, and the request's id says nothing to people.
  return {
    text: columns(line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z\t[0-9a-f-]{36}\t/, '')),
    kind: isBad ? 'bad' : undefined,
  };
}

const columns = (text: string): string => text.replaceAll('\t', '  ');

function readJson(line: string): LogLine {
  const value = parse(line);
  if (value === undefined) return { text: line, kind: undefined };
  const { type, record } = value;
  if (typeof type === 'string' && type.startsWith('platform.'))
    return { text: platformText(type, asObject(record)), kind: 'platform' };
  const { level, message, timestamp: _timestamp, time: _time, requestId: _requestId, ...rest } = value;
  if (typeof level !== 'string') return { text: line, kind: undefined };
  const parts = [level.toUpperCase(), typeof message === 'string' ? message : JSON.stringify(message ?? '')];
  if (Object.keys(rest).length > 0) parts.push(JSON.stringify(rest));
  return { text: parts.join('  '), kind: /^(error|fatal)$/i.test(level) ? 'bad' : undefined };
}

function platformText(type: string, record: Record<string, unknown>): string {
  const metrics = asObject(record['metrics']);
  const name = type.slice('platform.'.length);
  const parts = [name, record['requestId'], record['status']];
  if (metrics['durationMs'] !== undefined) parts.push(`${metrics['durationMs']} ms`);
  if (metrics['billedDurationMs'] !== undefined) parts.push(`billed ${metrics['billedDurationMs']} ms`);
  if (metrics['initDurationMs'] !== undefined) parts.push(`init ${metrics['initDurationMs']} ms`);
  if (metrics['maxMemoryUsedMB'] !== undefined)
    parts.push(`${metrics['maxMemoryUsedMB']} of ${metrics['memorySizeMB']} MB`);
  if (name === 'initStart') parts.push(record['runtimeVersion']);
  return parts.filter((part) => part !== undefined).join('  ');
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const asObject = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
