import type { Kept } from "./typed-schema";

const PAUSE_MS = 500;
/** Writing a long text into the browser's storage holds the page up: not between two words. */
const LONG = 200_000;
const LONG_PAUSE_MS = 2_000;

/** Keeps what is typed over one schema: after a pause, and at once when the page is left. */
export class SchemaKeeper {
  #of: string;
  #stored: string;
  readonly #keep: (kept: Kept | null) => void;
  #pending: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOpen = true;

  /** `stored` is the text of the schema `of`; the same text is not kept. */
  constructor(of: string, stored: string, keep: (kept: Kept | null) => void) {
    this.#of = of;
    this.#stored = stored;
    this.#keep = keep;
  }

  open(): void {
    this.#isOpen = true;
  }

  typed(text: string): void {
    this.#pending = text;
    clearTimeout(this.#timer);
    if (this.#isOpen) this.#timer = setTimeout(() => this.settle(), text.length > LONG ? LONG_PAUSE_MS : PAUSE_MS);
    else this.settle();
  }

  /** Keep now what waits for a pause. */
  settle(): void {
    clearTimeout(this.#timer);
    if (this.#pending !== null) this.#write(this.#pending);
  }

  /** `stored` was saved as schema `of`, and `now` is the text by now; what is typed next is based on it. */
  saved(of: string, stored: string, now: string): void {
    clearTimeout(this.#timer);
    this.#of = of;
    this.#stored = stored;
    this.#write(now);
  }

  /** The page is left: an editor that ends later still tells its last text, which is kept at once. */
  close(): void {
    this.#isOpen = false;
    this.settle();
  }

  #write(text: string): void {
    this.#pending = null;
    this.#keep(text === this.#stored ? null : { of: this.#of, text });
  }
}
