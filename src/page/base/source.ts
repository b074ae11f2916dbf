// Where screens come from: a server that is asked, or a file that has them inside. The page does not know which.
import type { NewVerdict, SavedVerdict } from '../../core/review.ts';
import type { RevealAsked, RevealedTools } from '../../screens/review.ts';
import type { Answer, ScreenName } from '../../screens/screen.ts';
import type { ReadonlySignal } from './preact.ts';

/** `lost`: the server does not answer, and is asked again; `refused`: it does not know this page's token. */
export type Connection = 'open' | 'lost' | 'refused';

export type Source = {
  /** `file`: nothing changes any more, and what is written is downloaded. */
  readonly kind: 'server' | 'file';
  readonly connection: ReadonlySignal<Connection>;
  /** Whether there is such a screen here: a file has some of them inside. */
  holds(name: ScreenName): boolean;
  get<Name extends ScreenName>(
    name: Name,
    query: URLSearchParams,
    signal?: AbortSignal,
  ): Promise<Answer<Name>>;
  /** A file that an input shows, with a type that we tell it by its bytes; null = it is not kept, or not here. */
  file(sha256: string): Promise<Blob | null>;
  /** Told whenever the history, the manifest or a review changed. @returns what ends the listening */
  onChange(listener: (revision: string) => void): () => void;
  /** Resolves when it is durable, and only then may the page call it saved. */
  saveVerdict(
    verdict: NewVerdict,
  ): Promise<
    { readonly ok: true; readonly saved: SavedVerdict } | { readonly ok: false; readonly message: string }
  >;
  /** Real names of the tools on a card. Resolves when it is written into the protocol that somebody asked. */
  revealTools(
    asked: RevealAsked,
  ): Promise<
    { readonly ok: true; readonly saved: RevealedTools } | { readonly ok: false; readonly message: string }
  >;
};
