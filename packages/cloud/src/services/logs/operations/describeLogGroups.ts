import type { LogGroup as LogGroupOutput } from '@aws-sdk/client-cloudwatch-logs';
import { check, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { groupArn, groupNameOf, type LogGroup } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { listToken, positionInList } from '../tokens.ts';

const MOST = 50;

export const describeLogGroups =
  ({ groups }: LogsDependencies): LogsOperations['DescribeLogGroups'] =>
  (input, context) => {
    const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, limit = MOST, nextToken } = input;
    check(limitOf(limit, MOST));
    if (prefix !== undefined && pattern !== undefined) {
      throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const after = nextToken === undefined ? '' : afterOf(nextToken);
    const identifiers = input.logGroupIdentifiers?.map(groupNameOf);
    const wanted = (group: LogGroup): boolean =>
      (pattern === undefined || group.name.toLowerCase().includes(pattern.toLowerCase())) &&
      (identifiers === undefined || identifiers.includes(group.name)) &&
      (input.logGroupClass === undefined || input.logGroupClass === group.logGroupClass);
    const { found, next } = pageOf(groups.list(context, after, prefix ?? ''), wanted, limit);
    return { logGroups: found.map(describe), ...(next === undefined ? {} : { nextToken: listToken(next) }) };
  };

export const listLogGroups =
  ({ groups }: LogsDependencies): LogsOperations['ListLogGroups'] =>
  ({ logGroupNamePattern, logGroupClass, limit = MOST, nextToken }, context) => {
    check(limitOf(limit, 1000));
    const matches = logGroupNamePattern === undefined ? undefined : nameMatcher(logGroupNamePattern);
    const wanted = (group: LogGroup): boolean =>
      (matches?.(group.name) ?? true) && (logGroupClass === undefined || logGroupClass === group.logGroupClass);
    const after = nextToken === undefined ? '' : afterOf(nextToken);
    const { found, next } = pageOf(groups.list(context, after, ''), wanted, limit);
    return {
      logGroups: found.map((group) => ({
        logGroupName: group.name,
        logGroupArn: groupArn(group.name, group),
        logGroupClass: group.logGroupClass,
      })),
      ...(next === undefined ? {} : { nextToken: listToken(next) }),
    };
  };

function pageOf(groups: Iterable<LogGroup>, wanted: (group: LogGroup) => boolean, limit: number) {
  const found: LogGroup[] = [];
  for (const group of groups) {
    if (!wanted(group)) continue;
    if (found.length === limit) return { found, next: found.at(-1)?.name };
    found.push(group);
  }
  return { found, next: undefined };
}

function afterOf(token: string): string {
  const position = positionInList(token);
  if (typeof position !== 'string') throw invalidToken();
  return position;
}

/** A part of the name, or with `^` its beginning; `|` between alternatives. */
function nameMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('|').filter((part) => part !== '');
  return (name) => parts.some((part) => (part.startsWith('^') ? name.startsWith(part.slice(1)) : name.includes(part)));
}

function describe(group: LogGroup): LogGroupOutput {
  const logGroupArn = groupArn(group.name, group);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${logGroupArn}:*`,
    storedBytes: group.storedBytes,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.logGroupClass,
    logGroupArn,
    deletionProtectionEnabled: group.deletionProtection,
  };
}
