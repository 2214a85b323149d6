import type { AttributeType, AttributeValue, Item } from '../attributeValue.ts';
import { typeOf } from '../attributeValue.ts';
import { validationException } from '../errors.ts';
import { type Path, pathReader } from './documentPath.ts';
import type { ExpressionKind, OperandNode, Parsed, PathNode } from './tree.ts';

/** ExpressionAttributeNames: what an alias stands for. */
export type Names = Readonly<Record<string, string>>;

/** ExpressionAttributeValues, checked. */
export type Values = Readonly<Record<string, AttributeValue>>;

/** Gives an operand's value for an item, or undefined when the item has none there. */
export type Getter = (item: Item, values: Values) => AttributeValue | undefined;

/** Says what is wrong with the values that a call gives for an expression, or undefined. */
export type Check = (values: Values) => string | undefined;

/** An expression whose aliases are resolved: what can be run for any item and any values. */
export interface Bound {
  readonly kind: ExpressionKind;
  /** The aliases and values that its text uses. */
  readonly aliases: readonly string[];
  readonly values: readonly string[];
  /** Every document path in it. */
  readonly paths: readonly Path[];
  /** @throws ValidationException when a name or value is missing, or a value is not of a type that its place allows */
  check(values: Values): void;
}

/** The functions that an operand may be a call of: how to read one, and of which type its result is. */
export interface Functions {
  bind(call: Extract<OperandNode, { kind: 'call' }>, binder: Binder): Getter;
  typeOf(call: Extract<OperandNode, { kind: 'call' }>): AttributeType | undefined;
}

/** Resolves the aliases of one expression, and collects what must be checked at each call, in the order in which AWS checks. */
export class Binder {
  readonly paths: Path[] = [];
  readonly #names: Names;
  readonly #functions: Functions;
  readonly #checks: Check[] = [];

  constructor(names: Names, functions: Functions) {
    this.#names = names;
    this.#functions = functions;
  }

  /** Adds a check, after those of the operands that were bound before. */
  require(check: Check): void {
    this.#checks.push(check);
  }

  /** Adds what is wrong whatever the values are. */
  fail(message: string | undefined): void {
    if (message !== undefined) this.#checks.push(() => message);
  }

  resolve({ elements }: PathNode): Path {
    const path = elements.map((element) =>
      typeof element === 'string' && element.startsWith('#') ? this.#nameOf(element) : element,
    ) as unknown as Path; // a path is read with a name first
    this.paths.push(path);
    return path;
  }

  #nameOf(alias: string): string {
    const name = Object.hasOwn(this.#names, alias) ? this.#names[alias] : undefined;
    if (name !== undefined) return name;
    this.fail(`An expression attribute name used in the document path is not defined; attribute name: ${alias}`);
    return alias;
  }

  operand(node: OperandNode): Getter {
    if (node.kind === 'path') return pathReader(this.resolve(node));
    if (node.kind === 'call') return this.#functions.bind(node, this);
    const { name } = node;
    this.requireValue(name);
    return (_, values) => values[name];
  }

  requireValue(name: string): void {
    const missing = `An expression attribute value used in expression is not defined; attribute value: ${name}`;
    this.require((values) => (Object.hasOwn(values, name) ? undefined : missing));
  }

  /** The type that an operand has in every item: a value's, or a function's result. */
  typeOf(node: OperandNode, values: Values): AttributeType | undefined {
    if (node.kind === 'call') return this.#functions.typeOf(node);
    const value = node.kind === 'value' ? values[node.name] : undefined;
    return value === undefined ? undefined : typeOf(value);
  }

  /** Checks that an operand, if its type is known before there is an item, is of one of these types. */
  requireType(operator: string, node: OperandNode, allowed: readonly AttributeType[]): void {
    if (node.kind === 'path') return;
    this.require((values) => {
      const type = this.typeOf(node, values);
      if (type === undefined || allowed.includes(type)) return undefined;
      return `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`;
    });
  }

  requireCount(name: string, operands: readonly OperandNode[], count: number): void {
    if (operands.length === count) return;
    this.fail(
      `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }

  requirePath(name: string, node: OperandNode | undefined): void {
    if (node?.kind === 'path') return;
    this.fail(`Operator or function requires a document path; operator or function: ${name}`);
  }

  finish({ kind, aliases, values }: Parsed<unknown>): Bound {
    const checks = this.#checks;
    const check = (given: Values): void => {
      for (const each of checks) {
        const message = each(given);
        if (message !== undefined) throw validationException(`Invalid ${kind}: ${message}`);
      }
    };
    return { kind, aliases, values, paths: this.paths, check };
  }
}
