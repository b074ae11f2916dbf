// An experiment as a viewer reads it: screens by name, out of what is kept, following what other processes write. It starts no work,
// takes no lock and writes nothing.
import type { Answer, ScreenName } from '../../screens/screen.ts';
import { type FilterOptions, makeFilter } from '../open/filters.ts';
import type { World } from '../open/world.ts';
import { openLive } from './live.ts';
import { makeScreens } from './screens.ts';
import { shownFile } from './shown-file.ts';
import { openTexts } from './texts.ts';

export type View = Disposable & {
  /** One screen; a refusal is a value. Never starts work, never writes. */
  answer<Name extends ScreenName>(name: Name, query: URLSearchParams): Promise<Answer<Name>>;
  /** Bytes of a file that an input shows; null = there is none of this digest. */
  file(sha256: string): Promise<Uint8Array | null>;
  revision(): string;
  /** Told when history, scores, manifest, scenario files or a review changed (also by another process). @returns what ends it */
  onChange(listener: (revision: string) => void): () => void;
};

export type ViewInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** Numbers are shown although a blind review is open. */
  readonly unblind?: boolean;
};

/**
 * Mistakes that are there to begin with are thrown, as every command does; those of a later save are a refusal until they are mended.
 * @throws ManifestError, CommandError where a filter means nothing, StoreError
 */
export async function openView(world: World, input: ViewInput): Promise<View> {
  const { unblind = false, ...scope } = input;
  const seen = unblind ? unblinded(world) : world;
  const live = await openLive(seen, { file: scope.file, filter: makeFilter(scope) });
  const texts = openTexts({
    clock: world.clock,
    withNewest: (use) => live.withNewest(({ snapshot }) => use(snapshot)),
    onMore: live.announce,
  });
  const screens = makeScreens({ world: seen, scope, texts });
  return {
    answer: (name, query) =>
      live.withNewest(async ({ snapshot, refusal }) => {
        if (snapshot === null) return { ok: false, refusal };
        return screens.answer(name, { snapshot, query });
      }),
    file: (sha256) =>
      live.withNewest(({ snapshot }) => (snapshot === null ? null : shownFile(snapshot, sha256))),
    revision: live.revision,
    onChange: live.onChange,
    [Symbol.dispose]() {
      texts[Symbol.dispose]();
      live[Symbol.dispose]();
    },
  };
}

/** Who says so on a command line has given its words already; a program that says so here is named by the function. */
function unblinded(world: World): World {
  const { unblind = { what: 'openView', reason: null } } = world.given;
  return { ...world, given: { ...world.given, unblind } };
}
