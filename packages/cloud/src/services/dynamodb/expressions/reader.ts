import { type DynamoDbError, validationException } from '../errors.ts';
import { type Token, tokenize } from './lexer.ts';
import { RESERVED_WORDS } from './reservedWords.ts';
import type { CallNode, ExpressionKind, OperandNode, Parsed, PathElement, PathNode, ValueNode } from './tree.ts';

const MAX_EXPRESSION_BYTES = 4096;
const MAX_OPERATORS = 300;

const CONDITION_FUNCTIONS: ReadonlySet<string> = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
]);
const UPDATE_FUNCTIONS: ReadonlySet<string> = new Set(['if_not_exists', 'list_append']);

/**
 * What is wrong with an expression although its syntax is right. AWS reads to the end and then tells the gravest, in this order;
 * of each kind, the first.
 */
interface Faults {
  parentheses?: string;
  unknownFunction?: string;
  misusedFunction?: string;
  reservedWord?: string;
  section?: string;
}

/** Reads the parts that all expressions share: tokens, document paths, values, function calls. */
export class Reader {
  readonly kind: ExpressionKind;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #keywords: ReadonlySet<string>;
  readonly #faults: Faults = {};
  readonly #aliases = new Set<string>();
  readonly #values = new Set<string>();
  readonly #parenthesized = new Set<object>();
  #position = 0;
  #operators = 0;

  constructor(kind: ExpressionKind, text: string, keywords: ReadonlySet<string>) {
    this.kind = kind;
    this.#text = text;
    this.#keywords = keywords;
    const size = Buffer.byteLength(text);
    if (size > MAX_EXPRESSION_BYTES) {
      throw this.error(`Expression size has exceeded the maximum allowed size; expression size: ${size}`);
    }
    if (text.trim() === '') throw this.error('The expression can not be empty;');
    this.#tokens = tokenize(text);
  }

  error(message: string): DynamoDbError {
    return validationException(`Invalid ${this.kind}: ${message}`);
  }

  get token(): Token {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw new Error('an expression is read no further than its end');
    return token;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#position++;
    return token;
  }

  /** Whether the next token is this punctuation or operator. */
  isSymbol(text: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === text;
  }

  /** Takes the next token if it is this punctuation or operator. */
  accept(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.next();
    return found;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.syntaxError();
  }

  /** The keyword that the next token is, in upper case, or undefined. Keywords are written in any case. */
  get keyword(): string | undefined {
    if (this.token.kind !== 'word') return undefined;
    const word = this.token.text.toUpperCase();
    return this.#keywords.has(word) ? word : undefined;
  }

  acceptKeyword(word: string): boolean {
    const found = this.keyword === word;
    if (found) this.next();
    return found;
  }

  /** AWS's syntax error: the token that does not fit, and the text from the token before it to the one after it. */
  syntaxError(): DynamoDbError {
    const { token } = this;
    const before = this.#tokens[this.#position - 1] ?? token;
    const after = this.#tokens[this.#position + 1] ?? token;
    return this.error(`Syntax error; token: "${token.text}", near: "${this.#text.slice(before.start, after.end)}"`);
  }

  readPath(): PathNode {
    const elements: PathElement[] = [this.#readName()];
    this.#readSteps(elements);
    return { kind: 'path', elements };
  }

  /** The path with the steps that follow it, if any do: `(a.b)[1]`. */
  continuePath(path: PathNode): PathNode {
    const elements = [...path.elements];
    this.#readSteps(elements);
    return elements.length === path.elements.length ? path : { kind: 'path', elements };
  }

  #readSteps(elements: PathElement[]): void {
    while (true) {
      if (this.accept('.')) {
        elements.push(this.#readName());
      } else if (this.accept('[')) {
        if (this.token.kind !== 'number') throw this.syntaxError();
        elements.push(Number(this.next().text));
        this.expect(']');
      } else {
        return;
      }
    }
  }

  #readName(): string {
    const { token } = this;
    if (token.kind === 'alias') this.#aliases.add(token.text);
    else if (token.kind !== 'word' || this.keyword !== undefined) throw this.syntaxError();
    else if (RESERVED_WORDS.has(token.text.toUpperCase())) this.#faults.reservedWord ??= token.text;
    this.next();
    return token.text;
  }

  readValue(): ValueNode {
    if (this.token.kind !== 'value') throw this.syntaxError();
    const { text } = this.next();
    this.#values.add(text);
    return { kind: 'value', name: text };
  }

  /** Whether a function's name and its parenthesis come next. */
  get atCall(): boolean {
    const after = this.#tokens[this.#position + 1];
    return this.token.kind === 'word' && this.keyword === undefined && after?.kind === 'symbol' && after.text === '(';
  }

  readCall(readOperand: () => OperandNode): CallNode {
    const name = this.next().text;
    this.expect('(');
    if (!CONDITION_FUNCTIONS.has(name) && !UPDATE_FUNCTIONS.has(name) && name !== 'size') {
      this.#faults.unknownFunction ??= name;
    }
    const operands = [readOperand()];
    while (this.accept(',')) operands.push(readOperand());
    this.expect(')');
    return { kind: 'call', name, operands };
  }

  /** Notes a function that stands where it may not. */
  requireUse(call: CallNode, use: 'condition' | 'operand' | 'update'): void {
    const { name } = call;
    const isUpdate = UPDATE_FUNCTIONS.has(name);
    if (use === 'update') {
      if (!isUpdate) {
        this.#faults.misusedFunction ??= `The function is not allowed in an update expression; function: ${name}`;
      }
    } else if (isUpdate) {
      this.#faults.misusedFunction ??= `The function is not allowed in a condition expression; function: ${name}`;
    } else if (CONDITION_FUNCTIONS.has(name) !== (use === 'condition')) {
      this.#faults.misusedFunction ??= `The function is not allowed to be used this way in an expression; function: ${name}`;
    }
  }

  /** Notes that parentheses enclose a node: twice is once too many. */
  enclose<Node extends object>(node: Node): Node {
    if (this.#parenthesized.has(node)) this.#faults.parentheses ??= 'The expression has redundant parentheses;';
    this.#parenthesized.add(node);
    return node;
  }

  isEnclosed(node: object): boolean {
    return this.#parenthesized.has(node);
  }

  /** Notes a section that an update has twice. */
  repeatedSection(name: string): void {
    this.#faults.section ??= `The "${name}" section can only be used once in an update expression;`;
  }

  countOperator(): void {
    this.#operators++;
  }

  /** What was read, when nothing is left and nothing was wrong. */
  finish<Root>(root: Root): Parsed<Root> {
    if (this.token.kind !== 'end') throw this.syntaxError();
    const faults = this.#faults;
    if (faults.parentheses !== undefined) throw this.error(faults.parentheses);
    if (faults.unknownFunction !== undefined) {
      throw this.error(`Invalid function name; function: ${faults.unknownFunction}`);
    }
    if (faults.misusedFunction !== undefined) throw this.error(faults.misusedFunction);
    if (faults.reservedWord !== undefined) {
      throw this.error(`Attribute name is a reserved keyword; reserved keyword: ${faults.reservedWord}`);
    }
    if (faults.section !== undefined) throw this.error(faults.section);
    if (this.#operators > MAX_OPERATORS) {
      throw this.error(`The expression contains too many operators; operator count: ${this.#operators}`);
    }
    return { kind: this.kind, root, aliases: [...this.#aliases], values: [...this.#values] };
  }
}
