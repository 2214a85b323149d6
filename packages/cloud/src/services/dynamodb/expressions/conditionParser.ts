import { Reader } from './reader.ts';
import type { Comparator, ConditionNode, ExpressionKind, OperandNode, Parsed } from './tree.ts';

const KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const COMPARATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);
/** More would overflow the call stack before they exceed an expression's size. */
const MAX_NESTING = 500;

type Node = ConditionNode | OperandNode;

/**
 * Reads a condition, filter or key condition.
 *
 * @throws ValidationException with AWS's text: for the syntax, or for what is wrong without regard to names and values
 */
export const parseCondition = (kind: ExpressionKind, text: string): Parsed<ConditionNode> =>
  new ConditionParser(new Reader(kind, text, KEYWORDS)).parse();

/**
 * Parentheses enclose conditions and operands alike, so both are read as one kind of node; where only one of them may stand, the other
 * is a syntax error at the token after it, as in AWS.
 */
class ConditionParser {
  readonly #reader: Reader;
  #nesting = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  parse(): Parsed<ConditionNode> {
    const root = this.#requireCondition(this.#readOr());
    return this.#reader.finish(root);
  }

  #readOr(): Node {
    let left = this.#readAnd();
    while (this.#reader.keyword === 'OR') left = this.#readLogic('or', left, () => this.#readAnd());
    return left;
  }

  #readAnd(): Node {
    let left = this.#readNot();
    while (this.#reader.keyword === 'AND') left = this.#readLogic('and', left, () => this.#readNot());
    return left;
  }

  #readLogic(kind: 'and' | 'or', left: Node, readRight: () => Node): ConditionNode {
    const condition = this.#requireCondition(left);
    this.#reader.next();
    this.#reader.countOperator();
    return { kind, left: condition, right: this.#requireCondition(readRight()) };
  }

  #readNot(): Node {
    if (!this.#reader.acceptKeyword('NOT')) return this.#readComparison();
    this.#reader.countOperator();
    return this.#nested(() => ({ kind: 'not', operand: this.#requireCondition(this.#readNot()) }));
  }

  #readComparison(): Node {
    const left = this.#readPrimary();
    const { token, keyword } = this.#reader;
    if (token.kind === 'symbol' && COMPARATORS.has(token.text)) {
      const operand = this.#requireOperand(left);
      this.#reader.next();
      this.#reader.countOperator();
      // The set has exactly the members of the type.
      return { kind: 'comparison', operator: token.text as Comparator, left: operand, right: this.#readOperand() };
    }
    if (keyword === 'BETWEEN') return this.#readBetween(this.#requireOperand(left));
    if (keyword === 'IN') return this.#readIn(this.#requireOperand(left));
    return left;
  }

  #readBetween(operand: OperandNode): ConditionNode {
    this.#reader.next();
    this.#reader.countOperator();
    const lower = this.#readOperand();
    if (!this.#reader.acceptKeyword('AND')) throw this.#reader.syntaxError();
    return { kind: 'between', operand, lower, upper: this.#readOperand() };
  }

  #readIn(operand: OperandNode): ConditionNode {
    this.#reader.next();
    this.#reader.countOperator();
    this.#reader.expect('(');
    const candidates = [this.#readOperand()];
    while (this.#reader.accept(',')) candidates.push(this.#readOperand());
    this.#reader.expect(')');
    return { kind: 'in', operand, candidates };
  }

  #readOperand(): OperandNode {
    return this.#requireOperand(this.#readPrimary());
  }

  #readPrimary(): Node {
    const reader = this.#reader;
    if (reader.accept('(')) {
      const inner = this.#nested(() => this.#readOr());
      reader.expect(')');
      reader.enclose(inner);
      return inner.kind === 'path' ? reader.continuePath(inner) : inner;
    }
    if (reader.token.kind === 'value') return reader.readValue();
    if (reader.atCall) return this.#nested(() => reader.readCall(() => this.#readOperand()));
    return reader.readPath();
  }

  #requireOperand(node: Node): OperandNode {
    if (node.kind === 'path' || node.kind === 'value') return node;
    if (node.kind !== 'call') throw this.#reader.syntaxError();
    this.#reader.requireUse(node, 'operand');
    return node;
  }

  #requireCondition(node: Node): ConditionNode {
    if (node.kind === 'path' || node.kind === 'value') throw this.#reader.syntaxError();
    if (node.kind === 'call') this.#reader.requireUse(node, 'condition');
    return node;
  }

  #nested<T extends Node>(read: () => T): T {
    if (++this.#nesting > MAX_NESTING) throw this.#reader.error('The expression is nested too deeply;');
    const node = read();
    this.#nesting--;
    return node;
  }
}
