import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Operation, OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import { RawJson } from '../../protocols/schema.ts';
import type { AttributeValue, Item } from './attributeValue.ts';
import type { Measures } from './measures.ts';
import type { Tables } from './tables.ts';
import type { Transactions } from './transactions.ts';

/** A type of the SDK with attribute values as they stand on the wire: base64 where the SDK has bytes. */
export type Wire<Type> = Type extends sdk.AttributeValue
  ? AttributeValue
  : Type extends Date | Uint8Array
    ? Type
    : Type extends object
      ? { [Member in keyof Type]: Wire<Type[Member]> }
      : Type;

type WireOperation<Of> = Of extends Operation<infer Input, infer Output> ? Operation<Wire<Input>, Wire<Output>> : never;

type SdkOperations = OperationsOf<typeof sdk>;

/** The operations of DynamoDB, typed by the SDK but for attribute values: this service takes and gives them in wire form. */
export type DynamoDbOperations = { readonly [Name in keyof SdkOperations]: WireOperation<SdkOperations[Name]> };

/** All that a DynamoDB operation may use. */
export interface DynamoDbDependencies extends ServiceEnvironment {
  readonly tables: Tables;
  readonly measures: Measures;
  readonly transactions: Transactions;
}

/** An item of an answer as the text that it is stored as. */
// The protocol's writer splices a RawJson in wherever an item may stand.
export const spliced = (text: string): Item => new RawJson(text) as unknown as Item;

/** Items of an answer as the texts that they are stored as. */
// As above, for a whole list.
export const splicedList = (texts: readonly string[]): Item[] =>
  new RawJson(`[${texts.join(',')}]`) as unknown as Item[];
