// One reader at one deck: which card lies open, what is said of it, and what of that is saved.
//
//   label, note, flag --> draft --complete--> save --source says durable--> saved
//                           ^                  |
//                           '---- u: undone ---'
//
// A card that is complete is saved at once, and again whenever something of it changes. Going on waits for the save: nobody
// leaves a card behind that was not kept.
import type { NewVerdict, SavedVerdict } from '../../core/review.ts';
import {
  type Draft,
  draftOf,
  emptyDraft,
  isComplete,
  saysTheSame,
  standing,
  type Verdicts,
} from '../../review/draft.ts';
import type { ReviewScreen } from '../../screens/review.ts';
import { type ReadonlySignal, type Signal, signal } from '../base/preact.ts';
import { keptMarkdown } from '../parts/markdown-kept.ts';
import { forget, keep, kept } from './browser-store.ts';
import type { Keeper, Kept } from './keeper.ts';
import { type Stopwatch, startStopwatch } from './stopwatch.ts';

export type SaveState =
  | { readonly kind: 'nothing' | 'downloaded' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved'; readonly card: string; readonly where: 'disk' | 'browser' | 'page' }
  | { readonly kind: 'taken-back'; readonly card: string }
  | { readonly kind: 'failed'; readonly message: string };

export type Reading = {
  readonly screen: ReviewScreen;
  readonly keeper: Keeper;
  readonly draft: ReadonlySignal<Draft>;
  readonly verdicts: ReadonlySignal<Verdicts>;
  readonly state: ReadonlySignal<SaveState>;
  /** Place of the dimension that the next key is about. */
  readonly dimension: Signal<number>;
  /** Whether answers are shown as they were meant to look, or as they were written. */
  readonly markdown: Signal<boolean>;
  /** Lays a card open; what was half said of it is there again. */
  open(card: string): void;
  /** A change of what is said; complete, it is saved. */
  change(more: Partial<Draft>): void;
  /** A note that is being typed: kept, and saved once it is left. */
  type(note: string): void;
  /** Takes the verdict of the open card back. */
  takeBack(labels: Draft['labels']): void;
  /** What was said last and may still be on its way. @returns whether it is kept */
  settled(): Promise<boolean>;
  /** Tries again what was not kept. */
  again(): void;
  /** Verdicts are in a file now. */
  downloaded(): void;
};

export function makeReading(screen: ReviewScreen, keeper: Keeper): Reading {
  const { protocol } = screen;
  const draft = signal<Draft>(emptyDraft(''));
  const verdicts = signal<Verdicts>(new Map(keeper.before.map((verdict) => [verdict.card, verdict])));
  const state = signal<SaveState>({ kind: 'nothing' });
  const dimension = signal(0);
  const markdown = signal(keptMarkdown());
  let watch: Stopwatch = startStopwatch();
  let saving: Promise<boolean> | null = null;
  let failed: NewVerdict | null = null;
  const draftName = (card: string): string => `expgraph-draft/${screen.review}/${screen.reviewer}/${card}`;

  const verdictOf = (said: Draft): NewVerdict => ({
    ...said,
    look: 1,
    note: said.note.trim() === '' ? null : said.note,
    took_ms: watch.ms(),
  });

  /** One after another: what is said later is the later line. */
  function save(verdict: NewVerdict): void {
    failed = null;
    state.value = { kind: 'saving' };
    const before = saving ?? Promise.resolve(true);
    const mine = before.then(async () => {
      const answer = await keeper.save(verdict);
      // What was said meanwhile has a state of its own.
      const isLast = saving === mine;
      if (answer.ok) remember(answer.saved);
      if (!answer.ok && isLast) failed = verdict;
      if (isLast) state.value = stateOf(answer, verdict);
      return answer.ok;
    });
    saving = mine;
  }

  function remember(saved: SavedVerdict): void {
    verdicts.value = new Map(verdicts.value).set(saved.card, saved);
    if (saysTheSame(draft.value, saved)) forget(draftName(saved.card));
  }

  function show(card: string): void {
    const saved = standing(verdicts.value, card);
    draft.value = kept<Draft>(draftName(card)) ?? (saved === undefined ? emptyDraft(card) : draftOf(saved));
    watch = startStopwatch();
  }

  function put(next: Draft): void {
    draft.value = next;
    keep(draftName(next.card), next);
  }

  function saveIfNew(): void {
    const said = draft.value;
    if (!isComplete(said, protocol)) return;
    if (saysTheSame(said, verdicts.value.get(said.card)) && failed === null) return;
    save(verdictOf(said));
  }

  return {
    screen,
    keeper,
    draft,
    verdicts,
    state,
    dimension,
    markdown,
    open: show,
    change(more) {
      put({ ...draft.value, ...more });
      saveIfNew();
    },
    type(note) {
      put({ ...draft.value, note });
    },
    takeBack(labels) {
      const said = draft.value;
      put({ ...said, labels });
      if (standing(verdicts.value, said.card) === undefined) return;
      save({ ...verdictOf(said), labels: {}, undone: true });
    },
    async settled() {
      saveIfNew();
      return (await saving) ?? true;
    },
    again() {
      if (failed !== null) save(failed);
    },
    downloaded() {
      state.value = { kind: 'downloaded' };
    },
  };
}

function stateOf(answer: Kept, { card, undone }: NewVerdict): SaveState {
  if (!answer.ok) return { kind: 'failed', message: answer.message };
  return undone ? { kind: 'taken-back', card } : { kind: 'saved', card, where: answer.where };
}
