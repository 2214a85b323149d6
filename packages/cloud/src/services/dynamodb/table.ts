import type { Item } from './attributeValue.ts';
import { projector } from './expressions/projection.ts';
import type { KeyAttribute, Keys } from './keys.ts';
import { keyNames } from './keys.ts';
import type { TableRows } from './rows.ts';

/** Read and write units. */
export interface Throughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

/** What on-demand tables and indexes may use at most. */
export interface OnDemandThroughput {
  readonly MaxReadRequestUnits?: number | undefined;
  readonly MaxWriteRequestUnits?: number | undefined;
}

export interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: 'S' | 'N' | 'B';
}

export interface ProjectionDefinition {
  readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly NonKeyAttributes?: readonly string[] | undefined;
}

/** An index as it was asked for. */
export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: ProjectionDefinition;
  readonly ProvisionedThroughput?: Throughput | undefined;
  readonly OnDemandThroughput?: OnDemandThroughput | undefined;
}

/** What a table is, as it is stored: in AWS's words, and what only this cloud knows. */
export interface TableDefinition {
  readonly TableName: string;
  readonly TableId: string;
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly BillingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: Throughput | undefined;
  readonly OnDemandThroughput?: OnDemandThroughput | undefined;
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  readonly GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS' | undefined;
  readonly DeletionProtectionEnabled: boolean;
  readonly StreamSpecification?:
    | { readonly StreamEnabled: boolean; readonly StreamViewType?: string | undefined }
    | undefined;
  /** When the stream was enabled, as its ARN has it. */
  readonly streamLabel?: string | undefined;
  readonly SSESpecification?:
    | {
        readonly Enabled?: boolean | undefined;
        readonly SSEType?: string | undefined;
        readonly KMSMasterKeyId?: string | undefined;
      }
    | undefined;
  readonly TimeToLiveAttribute?: string | undefined;
  readonly PointInTimeRecovery?: { readonly days: number; readonly since: number } | undefined;
  readonly Tags: Readonly<Record<string, string>>;
  /** ms since 1970 */
  readonly createdAt: number;
  /** When the billing mode last became on-demand, ms since 1970. */
  readonly onDemandSince?: number | undefined;
}

/** An index, ready for use. */
export interface Index {
  readonly name: string;
  readonly kind: 'local' | 'global';
  readonly keys: Keys;
  /** Which attributes it has beside keys; undefined: all. */
  readonly projected: readonly string[] | undefined;
  /** What it keeps of an item. */
  readonly project: (item: Item) => Item;
}

/** A table, ready for use: what its definition means, and its rows. */
export class Table {
  readonly number: number;
  readonly arn: string;
  readonly definition: TableDefinition;
  readonly keys: Keys;
  readonly indexes: readonly Index[];
  /** The indexes by name: AWS tells of the first that an item does not fit. */
  readonly indexesByName: readonly Index[];
  readonly rows: TableRows;

  constructor(
    number: number,
    arn: string,
    definition: TableDefinition,
    openRows: (indexes: readonly Index[]) => TableRows,
  ) {
    this.number = number;
    this.arn = arn;
    this.definition = definition;
    this.keys = keysOf(definition.KeySchema, definition.AttributeDefinitions);
    this.indexes = [
      ...definition.LocalSecondaryIndexes.map((index) => this.#indexOf('local', index)),
      ...definition.GlobalSecondaryIndexes.map((index) => this.#indexOf('global', index)),
    ];
    this.indexesByName = this.indexes.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    this.rows = openRows(this.indexes);
  }

  get name(): string {
    return this.definition.TableName;
  }

  index(name: string): Index | undefined {
    return this.indexes.find((index) => index.name === name);
  }

  #indexOf(kind: 'local' | 'global', { IndexName, KeySchema, Projection }: IndexDefinition): Index {
    const keys = keysOf(KeySchema, this.definition.AttributeDefinitions);
    const always = [...new Set([...keyNames(this.keys), ...keyNames(keys)])];
    if (Projection.ProjectionType === 'ALL') {
      return { name: IndexName, kind, keys, projected: undefined, project: (item) => item };
    }
    const projected = [...new Set([...always, ...(Projection.NonKeyAttributes ?? [])])];
    return { name: IndexName, kind, keys, projected, project: projector(projected.map((name) => [name] as const)) };
  }
}

function keysOf(schema: readonly KeySchemaElement[], definitions: readonly AttributeDefinition[]): Keys {
  const attributes = schema.map(({ AttributeName }): KeyAttribute => {
    const type = definitions.find((definition) => definition.AttributeName === AttributeName)?.AttributeType ?? 'S';
    return { name: AttributeName, type };
  });
  const [partition, sort] = attributes;
  if (partition === undefined) throw new Error('a key schema was checked to have a partition key');
  return { partition, sort };
}
