// Rows by windows: only those that are seen are asked for, what was scrolled past is asked for no more, and when the history moves
// what is seen is asked for again, while the rows that are there stay.
import type { MatrixRow, MatrixScreen } from '../../screens/matrix.ts';
import type { Answer, Refusal } from '../../screens/screen.ts';

/** Some screens full. Pages of the server are as long by default. */
export const WINDOW_ROWS = 100;
/** 6,000 rows: enough for the way back, and no more memory after a day of reading. */
const MAX_WINDOWS = 60;
/** Texts are searched while more of the history is read: how long until it is asked for what was found meanwhile. */
const SEARCHING_MS = 400;

export type AskRows = (
  range: { readonly offset: number; readonly limit: number },
  signal: AbortSignal,
) => Promise<Answer<'matrix'>>;

type Window = { readonly rows: readonly MatrixRow[]; readonly revision: string; readonly searched: number };

export class RowWindows {
  /** The newest answer: columns, groups, counts. */
  screen: MatrixScreen | null = null;
  /** Of the newest question, where it was refused. Rows from before stay. */
  refusal: Refusal | null = null;
  #revision = '';
  #first = 0;
  #last = 0;
  readonly #kept = new Map<number, Window>();
  readonly #asked = new Map<number, AbortController>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isStopped = false;
  readonly #ask: AskRows;
  readonly #told: () => void;

  /** @param told after every answer */
  constructor(ask: AskRows, told: () => void) {
    this.#ask = ask;
    this.#told = told;
  }

  get isAsking(): boolean {
    return this.#asked.size > 0;
  }

  /** null = not here yet. */
  rowAt(row: number): MatrixRow | null {
    return this.#kept.get(windowOf(row))?.rows[row % WINDOW_ROWS] ?? null;
  }

  /** Rows that are seen now. */
  need(firstRow: number, lastRow: number): void {
    this.#first = windowOf(Math.max(0, firstRow));
    this.#last = windowOf(Math.max(0, lastRow));
    this.#catchUp();
  }

  /** The history is at this revision now. */
  revise(revision: string): void {
    if (revision === '' || revision === this.#revision) return;
    this.#revision = revision;
    this.#catchUp();
  }

  /** What was refused is asked for once more: whoever refused it is there again. */
  again(): void {
    this.refusal = null;
    this.#catchUp();
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const asked of this.#asked.values()) asked.abort();
    this.#asked.clear();
  }

  #catchUp(): void {
    if (this.#isStopped) return;
    for (const [at, asked] of this.#asked) {
      if (at >= this.#first && at <= this.#last) continue;
      asked.abort();
      this.#asked.delete(at);
    }
    for (let at = this.#first; at <= this.#last; at++) {
      if (this.#asked.has(at)) continue;
      const kept = this.#kept.get(at);
      // A window that is asked for while revisions come quickly is let come, and asked for again after it: else none ever came.
      if (kept === undefined || kept.revision !== this.#revision) void this.#fetch(at);
    }
  }

  async #fetch(at: number): Promise<void> {
    const asked = new AbortController();
    this.#asked.set(at, asked);
    const before = this.#revision;
    const range = { offset: at * WINDOW_ROWS, limit: WINDOW_ROWS };
    let answer: Answer<'matrix'>;
    try {
      answer = await this.#ask(range, asked.signal);
    } catch {
      // Aborted: nobody waits for it.
      return;
    }
    if (asked.signal.aborted) return;
    this.#asked.delete(at);
    if (answer.ok) {
      // What was told while it was on its way may be newer than the answer; else the answer is the newest that is known.
      if (this.#revision === before) this.#revision = answer.value.revision;
      this.#keep(at, answer.value);
    } else this.refusal = answer.refusal;
    this.#told();
    // A refusal stays until something changes: to ask again at once would be a loop.
    if (answer.ok) this.#catchUp();
  }

  #keep(at: number, screen: MatrixScreen): void {
    this.screen = screen;
    this.refusal = null;
    const { rows, revision, searched } = screen;
    this.#kept.delete(at);
    this.#kept.set(at, { rows, revision, searched });
    for (const old of this.#kept.keys()) {
      if (this.#kept.size <= MAX_WINDOWS) break;
      if (old < this.#first || old > this.#last) this.#kept.delete(old);
    }
    if (searched < 1) this.#searchOn();
  }

  #searchOn(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      for (const [at, kept] of this.#kept)
        if (kept.searched < 1) this.#kept.set(at, { ...kept, revision: '' });
      this.#catchUp();
    }, SEARCHING_MS);
  }
}

const windowOf = (row: number): number => Math.floor(row / WINDOW_ROWS);
