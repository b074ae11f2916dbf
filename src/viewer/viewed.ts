// What a page is served of. It can be asked, and it can say that it moved: nothing here starts work or writes.
import type { Answer, ScreenName } from '../screens/screen.ts';

export type Viewed = {
  /** One screen; a refusal is a value. */
  answer<Name extends ScreenName>(name: Name, query: URLSearchParams): Promise<Answer<Name>>;
  /** Bytes of a file that an input shows; null = there is none of this digest. Whoever serves it says what it is. */
  file(sha256: string): Promise<Uint8Array | null>;
  /** Moves when anything that a screen shows does. */
  revision(): string;
  /** @returns what ends the listening */
  onChange(listener: (revision: string) => void): () => void;
};

/**
 * Keeps a verdict of a reader, and resolves when it is durable. What it is handed is JSON of somebody's browser and nothing
 * more: it says itself what is wrong with it.
 */
export type SaveVerdict = (
  verdict: unknown,
) => Promise<
  { readonly ok: true; readonly saved: object } | { readonly ok: false; readonly message: string }
>;
