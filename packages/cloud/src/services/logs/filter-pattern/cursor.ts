import { invalidParameter } from '../errors.ts';

/** A place in a filter pattern. */
export class Cursor {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    this.skipSpace();
    return this.#at >= this.text.length;
  }

  skipSpace(): void {
    while (/\s/.test(this.text.charAt(this.#at))) this.#at++;
  }

  /** Takes `token` when it comes next, behind white space. */
  take(token: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  /** Takes what a sticky expression matches here. */
  match(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.text);
    if (found !== null) this.#at += found[0].length;
    return found;
  }

  /** @throws InvalidParameterException when something else comes next */
  expect(token: string): void {
    if (!this.take(token)) this.fail();
  }

  /** @throws InvalidParameterException */
  fail(): never {
    throw invalidParameter(`Invalid filter pattern: unexpected text at position ${this.#at + 1}`);
  }
}
