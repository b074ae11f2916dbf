// What was asked and answered over the proxy, kept so that a draw can be given again.
import type { Cell } from './task.ts';

export type KeptExchange = {
  /** Digest of method, address and body. Headers are no part of it: keys stand there. */
  readonly request: string;
  readonly status: number;
  /** What describes the body, and the request's id. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As it came: base64. */
  readonly body: string;
  /** Which invocation paid for it. */
  readonly invocation: string;
};

/** One to keep. `invocation`: who paid for it, where that was an earlier one. */
export type NewExchange = Omit<KeptExchange, 'invocation'> & {
  readonly invocation?: string;
  /** The body unpacked: what must not be written is looked for there. */
  readonly text: string;
};

export interface Exchanges {
  /** Of the newest draw of this cell by an earlier invocation, if that did not fail; [] = nothing can be given again. */
  drawOf(cell: Cell): readonly KeptExchange[];
  /** Resolves when it is durable; whoever asked has its end only then. Never rejects. */
  keep(input: {
    readonly cell: Cell;
    readonly attempt: number;
    readonly exchange: NewExchange;
  }): Promise<void>;
  /** This attempt is no draw. */
  failed(input: { readonly cell: Cell; readonly attempt: number }): Promise<void>;
}

/** What recording needs of whoever starts it. */
export type Recording = {
  /** null = nothing is kept to be given again. */
  readonly exchanges: Exchanges | null;
  /** Told once, at the end: so many requests came while it was nobody's turn. */
  readonly unattributed: (count: number) => void;
};
