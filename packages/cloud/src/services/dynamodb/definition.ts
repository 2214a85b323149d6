import type * as sdk from '@aws-sdk/client-dynamodb';
import { Constraints } from './constraints.ts';
import { invalidParameter, validationException } from './errors.ts';
import type { AttributeDefinition, IndexDefinition, KeySchemaElement, TableDefinition, Throughput } from './table.ts';

const MAX_LOCAL_INDEXES = 5;
const MAX_GLOBAL_INDEXES = 20;

type CreateTable = Pick<
  sdk.CreateTableCommandInput,
  | 'TableName'
  | 'AttributeDefinitions'
  | 'KeySchema'
  | 'BillingMode'
  | 'ProvisionedThroughput'
  | 'OnDemandThroughput'
  | 'LocalSecondaryIndexes'
  | 'GlobalSecondaryIndexes'
  | 'StreamSpecification'
  | 'SSESpecification'
  | 'TableClass'
  | 'DeletionProtectionEnabled'
  | 'Tags'
>;

/** Checks the name that a new table is to have. @throws ValidationException */
export function checkTableName(name: string | undefined): string {
  if (name === undefined) {
    throw validationException("The parameter 'TableName' is required but was not present in the request");
  }
  new Constraints().name('tableName', name).check();
  return name;
}

/**
 * The definition that CreateTable asks for.
 *
 * @throws ValidationException with AWS's text
 */
export function definitionOf(input: CreateTable): Omit<TableDefinition, 'TableId' | 'createdAt' | 'Tags'> {
  const TableName = checkTableName(input.TableName);
  checkShape(input);
  const { BillingMode = 'PROVISIONED', ProvisionedThroughput, OnDemandThroughput } = input;
  const AttributeDefinitions = (input.AttributeDefinitions ?? []) as AttributeDefinition[]; // checked members
  const KeySchema = (input.KeySchema ?? []) as KeySchemaElement[]; // checked members
  const local = input.LocalSecondaryIndexes?.map(indexOf) ?? [];
  const global = input.GlobalSecondaryIndexes?.map(indexOf) ?? [];
  checkBilling(BillingMode, ProvisionedThroughput);
  checkKeySchema(KeySchema, AttributeDefinitions);
  if (input.LocalSecondaryIndexes?.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty');
  if (input.GlobalSecondaryIndexes?.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty');
  checkIndexes(KeySchema, AttributeDefinitions, local, global, BillingMode);
  checkUse(AttributeDefinitions, [
    KeySchema,
    ...local.map((index) => index.KeySchema),
    ...global.map((index) => index.KeySchema),
  ]);
  const { StreamSpecification } = input;
  if (StreamSpecification?.StreamEnabled === true && StreamSpecification.StreamViewType === undefined) {
    throw invalidParameter('StreamViewType must be specified when StreamEnabled is true');
  }
  return {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    ProvisionedThroughput: throughputOf(ProvisionedThroughput),
    OnDemandThroughput,
    LocalSecondaryIndexes: local,
    GlobalSecondaryIndexes: global,
    TableClass: input.TableClass,
    DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? false,
    StreamSpecification: streamOf(StreamSpecification),
    SSESpecification: input.SSESpecification,
  };
}

/** A stream's specification; one that is off is none. */
export const streamOf = (stream: sdk.StreamSpecification | undefined): TableDefinition['StreamSpecification'] =>
  stream?.StreamEnabled === true ? { StreamEnabled: true, StreamViewType: stream.StreamViewType } : undefined;

export const throughputOf = (throughput: sdk.ProvisionedThroughput | undefined): Throughput | undefined =>
  throughput === undefined
    ? undefined
    : {
        ReadCapacityUnits: throughput.ReadCapacityUnits ?? 0,
        WriteCapacityUnits: throughput.WriteCapacityUnits ?? 0,
      };

/** An index as it is asked for. Its members were checked, or are checked by {@link checkIndexes}. */
export const indexOf = (index: sdk.LocalSecondaryIndex | sdk.GlobalSecondaryIndex): IndexDefinition => ({
  IndexName: index.IndexName ?? '',
  KeySchema: (index.KeySchema ?? []) as KeySchemaElement[], // checked members
  Projection: (index.Projection ?? {}) as IndexDefinition['Projection'], // checked by checkIndexes
  ProvisionedThroughput: 'ProvisionedThroughput' in index ? throughputOf(index.ProvisionedThroughput) : undefined,
  OnDemandThroughput: 'OnDemandThroughput' in index ? index.OnDemandThroughput : undefined,
});

function checkShape(input: CreateTable): void {
  const constraints = new Constraints()
    .required('attributeDefinitions', input.AttributeDefinitions)
    .list('tags', input.Tags, 0)
    .required('keySchema', input.KeySchema)
    .length('keySchema', input.KeySchema, 1, 2)
    .oneOf('billingMode', input.BillingMode, ['PROVISIONED', 'PAY_PER_REQUEST'])
    .oneOf('tableClass', input.TableClass, ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'])
    .oneOf('streamSpecification.streamViewType', input.StreamSpecification?.StreamViewType, STREAM_VIEWS);
  for (const [index, definition] of constraints.members('attributeDefinitions', input.AttributeDefinitions).entries()) {
    const path = `attributeDefinitions.${index + 1}.member`;
    constraints
      .required(`${path}.attributeName`, definition.AttributeName)
      .required(`${path}.attributeType`, definition.AttributeType)
      .length(`${path}.attributeName`, definition.AttributeName, 1, 255)
      .oneOf(`${path}.attributeType`, definition.AttributeType, ['B', 'N', 'S']);
  }
  checkKeyElements(constraints, 'keySchema', input.KeySchema);
  checkThroughputShape(constraints, 'provisionedThroughput', input.ProvisionedThroughput);
  for (const [index, local] of constraints.members('localSecondaryIndexes', input.LocalSecondaryIndexes).entries()) {
    checkIndexShape(constraints, `localSecondaryIndexes.${index + 1}.member`, local);
  }
  for (const [index, global] of constraints.members('globalSecondaryIndexes', input.GlobalSecondaryIndexes).entries()) {
    checkIndexShape(constraints, `globalSecondaryIndexes.${index + 1}.member`, global);
    checkThroughputShape(
      constraints,
      `globalSecondaryIndexes.${index + 1}.member.provisionedThroughput`,
      global.ProvisionedThroughput,
    );
  }
  constraints.check();
}

const STREAM_VIEWS = ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'];

export function checkIndexShape(
  constraints: Constraints,
  path: string,
  index: sdk.LocalSecondaryIndex | sdk.CreateGlobalSecondaryIndexAction,
): void {
  constraints
    .required(`${path}.indexName`, index.IndexName)
    .name(`${path}.indexName`, index.IndexName)
    .required(`${path}.keySchema`, index.KeySchema)
    .length(`${path}.keySchema`, index.KeySchema, 1, 2)
    .required(`${path}.projection`, index.Projection)
    .oneOf(`${path}.projection.projectionType`, index.Projection?.ProjectionType, ['ALL', 'INCLUDE', 'KEYS_ONLY']);
  checkKeyElements(constraints, `${path}.keySchema`, index.KeySchema);
}

function checkKeyElements(constraints: Constraints, path: string, schema: readonly sdk.KeySchemaElement[] = []): void {
  for (const [index, { AttributeName, KeyType }] of constraints.members(path, schema).entries()) {
    constraints
      .required(`${path}.${index + 1}.member.attributeName`, AttributeName)
      .required(`${path}.${index + 1}.member.keyType`, KeyType)
      .oneOf(`${path}.${index + 1}.member.keyType`, KeyType, ['HASH', 'RANGE']);
  }
}

export function checkThroughputShape(
  constraints: Constraints,
  path: string,
  throughput: sdk.ProvisionedThroughput | undefined,
): void {
  if (throughput === undefined) return;
  constraints
    .required(`${path}.writeCapacityUnits`, throughput.WriteCapacityUnits)
    .required(`${path}.readCapacityUnits`, throughput.ReadCapacityUnits)
    .atLeast(`${path}.writeCapacityUnits`, throughput.WriteCapacityUnits, 1)
    .atLeast(`${path}.readCapacityUnits`, throughput.ReadCapacityUnits, 1);
}

/** @throws ValidationException when units are given for on-demand billing, or not given for provisioned */
export function checkBilling(billing: string, throughput: sdk.ProvisionedThroughput | undefined): void {
  if (billing === 'PAY_PER_REQUEST' && throughput !== undefined) {
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (billing === 'PROVISIONED' && throughput === undefined) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
}

function checkKeySchema(
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  index?: string,
): void {
  const [first, second] = schema;
  if (first?.KeyType !== 'HASH') {
    throw validationException('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second !== undefined && second.KeyType !== 'RANGE') {
    throw validationException('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
  if (first.AttributeName === second?.AttributeName) {
    throw validationException('Invalid KeySchema: Some index key attribute have no definition');
  }
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const names = schema.map(({ AttributeName }) => AttributeName);
  if (names.every((name) => defined.includes(name))) return;
  throw index === undefined
    ? validationException(
        `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
      )
    : invalidParameter(
        `Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
      );
}

/** Checks the indexes of a table, those that it has and those that are new. @throws ValidationException */
export function checkIndexes(
  keySchema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  local: readonly IndexDefinition[],
  global: readonly IndexDefinition[],
  billing: string,
): void {
  const [hash, range] = keySchema;
  if (local.length > 0 && range === undefined) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  for (const index of local) {
    checkIndex(index, definitions);
    const [indexHash, indexRange] = index.KeySchema;
    if (indexRange === undefined) {
      throw invalidParameter(`Index KeySchema does not have a range key for index: ${index.IndexName}`);
    }
    if (indexHash?.AttributeName !== hash?.AttributeName) {
      throw invalidParameter(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.IndexName}. index hash key: ${indexHash?.AttributeName}, table hash key: ${hash?.AttributeName}`,
      );
    }
  }
  for (const index of global) {
    checkIndex(index, definitions);
    if (billing === 'PROVISIONED' && index.ProvisionedThroughput === undefined) {
      throw invalidParameter(`ProvisionedThroughput must be specified for index: ${index.IndexName}`);
    }
    if (billing === 'PAY_PER_REQUEST' && index.ProvisionedThroughput !== undefined) {
      throw invalidParameter(
        `ProvisionedThroughput should not be specified for index: ${index.IndexName} when BillingMode is PAY_PER_REQUEST`,
      );
    }
  }
  const names = new Set<string>();
  for (const { IndexName } of [...local, ...global]) {
    if (names.has(IndexName)) throw invalidParameter(`Duplicate index name: ${IndexName}`);
    names.add(IndexName);
  }
  if (local.length > MAX_LOCAL_INDEXES) {
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  }
  if (global.length > MAX_GLOBAL_INDEXES) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  }
}

function checkIndex(
  { IndexName, KeySchema, Projection }: IndexDefinition,
  definitions: readonly AttributeDefinition[],
): void {
  checkKeySchema(KeySchema, definitions, IndexName);
  const { ProjectionType, NonKeyAttributes } = Projection;
  if (ProjectionType === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (ProjectionType === 'INCLUDE' && NonKeyAttributes === undefined) {
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  if (ProjectionType !== 'INCLUDE' && NonKeyAttributes !== undefined) {
    throw invalidParameter(`ProjectionType is ${ProjectionType}, but NonKeyAttributes is specified`);
  }
}

/** Refuses definitions of attributes that no key has. */
export function checkUse(
  definitions: readonly AttributeDefinition[],
  schemas: readonly (readonly KeySchemaElement[])[],
): void {
  const used = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  const defined = new Set(definitions.map(({ AttributeName }) => AttributeName));
  if (defined.size === used.size) return;
  throw schemas.length === 1
    ? invalidParameter(
        'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
      )
    : invalidParameter(
        `Some AttributeDefinitions are not used. AttributeDefinitions: [${[...defined].join(', ')}], keys used: [${[...used].join(', ')}]`,
      );
}
