import { parseArn } from '../../../kernel/names.ts';
import { Constraints } from '../constraints.ts';
import { DynamoDbError, validationException } from '../errors.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import type { Table } from '../table.ts';
import type { Tables } from '../tables.ts';
import { checkTags, tagListOf, tagsOf } from '../tags.ts';

const PAGE = 50;

export const tagResource =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['TagResource'] =>
  ({ ResourceArn, Tags }) => {
    new Constraints().required('resourceArn', ResourceArn).required('tags', Tags).list('tags', Tags, 0).check();
    const table = taggedTable(tables, ResourceArn);
    const all = { ...table.definition.Tags, ...tagsOf(Tags) };
    checkTags(all);
    tables.change(scopeOf(ResourceArn), table, { ...table.definition, Tags: all });
    return {};
  };

export const untagResource =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['UntagResource'] =>
  ({ ResourceArn, TagKeys }) => {
    new Constraints()
      .required('resourceArn', ResourceArn)
      .required('tagKeys', TagKeys)
      .list('tagKeys', TagKeys, 0)
      .check();
    const table = taggedTable(tables, ResourceArn);
    const left = Object.entries(table.definition.Tags).filter(([key]) => !TagKeys?.includes(key));
    tables.change(scopeOf(ResourceArn), table, { ...table.definition, Tags: Object.fromEntries(left) });
    return {};
  };

export const listTagsOfResource =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['ListTagsOfResource'] =>
  ({ ResourceArn, NextToken }) => {
    new Constraints().required('resourceArn', ResourceArn).check();
    const tags = tagListOf(taggedTable(tables, ResourceArn).definition.Tags);
    const start = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(start) || start < 0) throw validationException('Invalid NextToken');
    const end = start + PAGE;
    return { Tags: tags.slice(start, end), NextToken: end < tags.length ? String(end) : undefined };
  };

function scopeOf(arn = ''): { account: string; region: string } {
  const parsed = parseArn(arn);
  if (parsed?.service !== 'dynamodb' || !parsed.resource.startsWith('table/')) {
    throw validationException(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`);
  }
  return parsed;
}

function taggedTable(tables: Tables, arn = ''): Table {
  scopeOf(arn);
  const table = tables.find({ account: '', region: '' }, arn);
  if (table === undefined) {
    throw new DynamoDbError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
  }
  return table;
}
