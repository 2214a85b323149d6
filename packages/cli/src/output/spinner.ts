const FRAMES = ['◒', '◐', '◓', '◑'];
const FRAME_MS = 90;

/**
 * A line that shows that something goes on. Our own because Ctrl-C must stay the command's: prompts libraries read the keyboard raw
 * meanwhile and end the process themselves.
 */
export class Spinner {
  readonly #write: (text: string) => void;
  readonly #width: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #text = '';
  #frame = 0;

  constructor(write: (text: string) => void, width: () => number) {
    this.#write = write;
    this.#width = width;
  }

  get isRunning(): boolean {
    return this.#timer !== undefined;
  }

  /** Shows a text, from now until `stop`. */
  show(text: string): void {
    this.#text = text;
    if (this.#timer !== undefined) return;
    this.#write('\x1b[?25l');
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
    this.#draw();
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#write('\r\x1b[2K\x1b[?25h');
  }

  #draw(): void {
    const frame = FRAMES[this.#frame++ % FRAMES.length] ?? '';
    const text = this.#text.replace(/\s+/g, ' ').slice(0, Math.max(this.#width() - 4, 10));
    this.#write(`\r\x1b[2K\x1b[35m${frame}\x1b[39m  ${text}`);
  }
}
