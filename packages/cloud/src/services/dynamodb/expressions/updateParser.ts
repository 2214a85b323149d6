import { Reader } from './reader.ts';
import type { ActionNode, OperandNode, Parsed, UpdateValueNode } from './tree.ts';

const KEYWORDS: ReadonlySet<string> = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);
const MAX_NESTING = 500;

/**
 * Reads an update expression.
 *
 * @throws ValidationException with AWS's text: for the syntax, or for what is wrong without regard to names and values
 */
export const parseUpdate = (text: string): Parsed<readonly ActionNode[]> =>
  new UpdateParser(new Reader('UpdateExpression', text, KEYWORDS)).parse();

class UpdateParser {
  readonly #reader: Reader;
  #nesting = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  parse(): Parsed<readonly ActionNode[]> {
    const actions: ActionNode[] = [];
    const sections = new Set<string>();
    do {
      const section = this.#reader.keyword;
      if (section === undefined) throw this.#reader.syntaxError();
      this.#reader.next();
      if (sections.has(section)) this.#reader.repeatedSection(section);
      sections.add(section);
      do actions.push(this.#readAction(section));
      while (this.#reader.accept(','));
    } while (this.#reader.keyword !== undefined);
    return this.#reader.finish(actions);
  }

  #readAction(section: string): ActionNode {
    const path = this.#reader.readPath();
    if (section === 'REMOVE') return { kind: 'remove', path };
    if (section !== 'SET') return { kind: section === 'ADD' ? 'add' : 'delete', path, value: this.#reader.readValue() };
    this.#reader.expect('=');
    return { kind: 'set', path, value: this.#readValue() };
  }

  /** An operand or a sum, with or without parentheses around the whole. */
  #readValue(): UpdateValueNode {
    const left = this.#readTerm();
    const { token } = this.#reader;
    if (!this.#reader.isSymbol('+') && !this.#reader.isSymbol('-')) return left;
    if (left.kind === 'arithmetic') throw this.#reader.syntaxError();
    this.#reader.next();
    this.#reader.countOperator();
    return { kind: 'arithmetic', operator: token.text === '+' ? '+' : '-', left, right: this.#readOperand() };
  }

  #readTerm(): UpdateValueNode {
    const reader = this.#reader;
    if (!reader.isSymbol('(')) return this.#readOperand();
    if (++this.#nesting > MAX_NESTING) throw reader.error('The expression is nested too deeply;');
    reader.next();
    const value = this.#readValue();
    reader.expect(')');
    this.#nesting--;
    return reader.enclose(value);
  }

  #readOperand(): OperandNode {
    const reader = this.#reader;
    if (reader.isSymbol('(')) {
      const value = this.#readTerm();
      if (value.kind === 'arithmetic') throw reader.syntaxError();
      return value;
    }
    if (reader.token.kind === 'value') return reader.readValue();
    if (!reader.atCall) return reader.readPath();
    if (++this.#nesting > MAX_NESTING) throw reader.error('The expression is nested too deeply;');
    const call = reader.readCall(() => this.#readOperand());
    this.#nesting--;
    reader.requireUse(call, 'update');
    return call;
  }
}
