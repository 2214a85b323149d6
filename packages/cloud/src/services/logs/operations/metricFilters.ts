import type { MetricFilter as MetricFilterOutput, MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import { check, groupName, limit as limitOf } from '../constraints.ts';
import { invalidParameter, invalidToken, limitExceeded, metricFilterNotFound } from '../errors.ts';
import { readExtraction } from '../filter-pattern/extraction.ts';
import { parseFilterPattern } from '../filter-pattern/filterPattern.ts';
import type { LogGroup } from '../logGroup.ts';
import { type MetricFilter, MetricFilterReader } from '../metricFilter.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { listToken, positionInList } from '../tokens.ts';

const MAX_NAME = 512;
const MAX_METRIC_NAME = 255;
const MAX_PATTERN = 1024;
const MOST_FILTERS = 100;
const MOST_DIMENSIONS = 3;
const MOST_SHOWN = 50;
const MOST_MESSAGES = 50;

export const putMetricFilter =
  ({ groups, metricFilters, scheduler }: LogsDependencies): LogsOperations['PutMetricFilter'] =>
  (input, context) => {
    const { logGroupName, filterName, filterPattern, metricTransformations = [] } = input;
    check(
      groupName(logGroupName),
      tooLong('filterName', filterName, MAX_NAME),
      filterName === undefined && { at: 'filterName', value: undefined, must: 'not be null' },
      filterPattern === undefined && { at: 'filterPattern', value: undefined, must: 'not be null' },
      tooLong('filterPattern', filterPattern, MAX_PATTERN),
      metricTransformations.length !== 1 && {
        at: 'metricTransformations',
        value: `[${metricTransformations.map(shown).join(', ')}]`,
        must: `have length ${metricTransformations.length === 0 ? 'greater' : 'less'} than or equal to 1`,
      },
    );
    if (input.fieldSelectionCriteria !== undefined || (input.emitSystemFieldDimensions ?? []).length > 0)
      throw invalidParameter('Skein does not support system fields in metric filters yet');
    const group = groups.get(context, logGroupName ?? '');
    const filter = filterOf(filterName ?? '', filterPattern ?? '', metricTransformations[0] ?? {}, scheduler.now);
    const others = metricFilters.list(group).filter(({ name }) => name !== filter.name);
    if (others.length >= MOST_FILTERS) throw limitExceeded('Resource limit exceeded.');
    metricFilters.put(group, filter);
    return {};
  };

/** @throws InvalidParameterException */
function filterOf(
  name: string,
  pattern: string,
  {
    metricName = '',
    metricNamespace = '',
    metricValue = '',
    defaultValue,
    unit,
    dimensions = {},
  }: Partial<MetricTransformation>,
  createdAt: number,
): MetricFilter {
  check(
    metricName === '' && { at: 'metricTransformations.1.member.metricName', value: undefined, must: 'not be null' },
    metricNamespace === '' && {
      at: 'metricTransformations.1.member.metricNamespace',
      value: undefined,
      must: 'not be null',
    },
    metricValue === '' && { at: 'metricTransformations.1.member.metricValue', value: undefined, must: 'not be null' },
  );
  if (!metricValue.startsWith('$') && !Number.isFinite(Number(metricValue)))
    throw invalidParameter(`Invalid metric transformation: '${metricValue}' is neither a number nor a field.`);
  const names = Object.keys(dimensions);
  if (names.length > MOST_DIMENSIONS)
    throw invalidParameter(`Invalid metric transformation: at most ${MOST_DIMENSIONS} dimensions are allowed.`);
  if (names.length > 0 && defaultValue !== undefined)
    throw invalidParameter(
      'Invalid metric transformation: dimensions and default value are mutually exclusive properties.',
    );
  const transformation = {
    namespace: metricNamespace,
    name: metricName,
    value: metricValue,
    defaultValue: defaultValue ?? undefined,
    unit,
    dimensions,
  };
  const filter: MetricFilter = { name, pattern, transformation, createdAt };
  new MetricFilterReader(filter);
  return filter;
}

const shown = (transformation: MetricTransformation): string => {
  const { metricName, metricNamespace, metricValue, defaultValue = null, unit = null, dimensions } = transformation;
  return `MetricTransformation(metricName=${metricName}, metricNamespace=${metricNamespace}, metricValue=${metricValue}, defaultValue=${defaultValue}, unit=${unit}, dimensions=${dimensions === undefined ? null : JSON.stringify(dimensions)})`;
};

const tooLong = (at: string, value: string | undefined, most: number) =>
  value !== undefined && value.length > most && { at, value, must: `have length less than or equal to ${most}` };

export const describeMetricFilters =
  ({ groups, metricFilters }: LogsDependencies): LogsOperations['DescribeMetricFilters'] =>
  (input, context) => {
    const { logGroupName, filterNamePrefix, metricName, metricNamespace, limit = MOST_SHOWN, nextToken } = input;
    check(
      logGroupName !== undefined && groupName(logGroupName),
      tooLong('filterNamePrefix', filterNamePrefix, MAX_NAME),
      tooLong('metricName', metricName, MAX_METRIC_NAME),
      tooLong('metricNamespace', metricNamespace, MAX_METRIC_NAME),
      limitOf(limit, MOST_SHOWN),
    );
    if ((metricName === undefined) !== (metricNamespace === undefined))
      throw invalidParameter('metricName and metricNamespace must be given together.');
    const after = nextToken === undefined ? '' : positionInList(nextToken);
    if (typeof after !== 'string') throw invalidToken();
    const of = logGroupName === undefined ? [...groups.list(context, '', '')] : [groups.get(context, logGroupName)];
    const found = of
      .flatMap((group) => metricFilters.list(group).map((filter) => ({ group, filter })))
      .filter(
        ({ filter: { name, transformation } }) =>
          (filterNamePrefix === undefined || name.startsWith(filterNamePrefix)) &&
          (metricName === undefined ||
            (transformation.name === metricName && transformation.namespace === metricNamespace)),
      )
      .filter((each) => positionOf(each) > after);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      metricFilters: page.map(described),
      ...(found.length > limit && last !== undefined ? { nextToken: listToken(positionOf(last)) } : {}),
    };
  };

interface Found {
  readonly group: LogGroup;
  readonly filter: MetricFilter;
}

/** Groups and filters come by name. A space is in no name of a group, and sorts before all that are. */
const positionOf = ({ group, filter }: Found): string => `${group.name} ${filter.name}`;

function described({ group, filter }: Found): MetricFilterOutput {
  const { namespace, name, value, defaultValue, unit, dimensions } = filter.transformation;
  return {
    filterName: filter.name,
    filterPattern: filter.pattern,
    logGroupName: group.name,
    creationTime: filter.createdAt,
    applyOnTransformedLogs: false,
    metricTransformations: [
      {
        metricName: name,
        metricNamespace: namespace,
        metricValue: value,
        ...(defaultValue === undefined ? {} : { defaultValue }),
        ...(unit === undefined ? {} : { unit: unit as NonNullable<MetricTransformation['unit']> }), // as it was put
        ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
      },
    ],
  };
}

export const deleteMetricFilter =
  ({ groups, metricFilters }: LogsDependencies): LogsOperations['DeleteMetricFilter'] =>
  ({ logGroupName, filterName = '' }, context) => {
    check(groupName(logGroupName), tooLong('filterName', filterName, MAX_NAME));
    if (!metricFilters.remove(groups.get(context, logGroupName ?? ''), filterName)) throw metricFilterNotFound();
    return {};
  };

export const testMetricFilter =
  (): LogsOperations['TestMetricFilter'] =>
  ({ filterPattern = '', logEventMessages = [] }) => {
    check(
      tooLong('filterPattern', filterPattern, MAX_PATTERN),
      (logEventMessages.length === 0 || logEventMessages.length > MOST_MESSAGES) && {
        at: 'logEventMessages',
        value: `[${logEventMessages.length} messages]`,
        must: `have length ${logEventMessages.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST_MESSAGES}`}`,
      },
    );
    const matches = parseFilterPattern(filterPattern);
    const fields = [...new Set(filterPattern.match(/\$\.[^\s=!<>&|(){}"]+/g) ?? [])].map(
      (field) => [field, readExtraction(field, filterPattern)] as const,
    );
    return {
      matches: logEventMessages.flatMap((eventMessage, index) =>
        matches(eventMessage)
          ? [
              {
                eventNumber: index + 1,
                eventMessage,
                extractedValues: Object.fromEntries(
                  fields.map(([field, extract]) => [field, String(extract(eventMessage) ?? '')]),
                ),
              },
            ]
          : [],
      ),
    };
  };
