// One reader at one deck: which card lies open, what is said of it, and what of that is saved.
//
//   label, note, flag --> draft --complete--> save --source says durable--> saved
//                           ^                  |
//                           '---- u: undone ---'
//
// A card that is complete is saved at once, and again whenever something of it changes. The next one lies open while that is on
// its way, so that keys are never waited for; where it was not kept, nobody goes further until it is.
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
  | { readonly kind: 'failed'; readonly card: string; readonly message: string };

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
  /** Saves what is not on its way yet. @returns whether nothing was refused so far: then the next card may be laid open */
  saveNow(): boolean;
  /** As `saveNow`, once all that is on its way has arrived. */
  settled(): Promise<boolean>;
  /** What stands once all that is on its way is kept. */
  said(): Verdicts;
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
  let chain: Promise<unknown> = Promise.resolve();
  /** By card: what is on its way, and what was refused. */
  const underWay = new Map<string, NewVerdict>();
  const refused = new Map<string, { readonly verdict: NewVerdict; readonly message: string }>();
  const draftName = (card: string): string => `expgraph-draft/${screen.deck}/${screen.reviewer}/${card}`;

  const verdictOf = (said: Draft): NewVerdict => ({
    ...said,
    look: 1,
    note: said.note.trim() === '' ? null : said.note,
    took_ms: watch.ms(),
  });

  /** One after another: what is said later is the later line. */
  function save(verdict: NewVerdict): void {
    const { card } = verdict;
    underWay.set(card, verdict);
    state.value = { kind: 'saving' };
    chain = chain.then(async () => {
      const answer = await keeper.save(verdict);
      const isLast = underWay.get(card) === verdict;
      if (isLast) underWay.delete(card);
      if (answer.ok) remember(answer.saved);
      // What was said of the card meanwhile is tried in its turn.
      if (answer.ok && isLast) refused.delete(card);
      else if (!answer.ok && isLast) refused.set(card, { verdict, message: answer.message });
      const [first] = refused.values();
      if (first !== undefined)
        state.value = { kind: 'failed', card: first.verdict.card, message: first.message };
      else if (underWay.size === 0 && answer.ok) state.value = stateOf(answer, verdict);
    });
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

  function saveNow(): boolean {
    const said = draft.value;
    const { card } = said;
    const last = underWay.get(card) ?? verdicts.value.get(card);
    // A retry that is under way is one.
    const isNew = (refused.has(card) && !underWay.has(card)) || !saysTheSame(said, last);
    if (isComplete(said, protocol) && isNew) save(verdictOf(said));
    return refused.size === 0;
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
      saveNow();
    },
    type(note) {
      put({ ...draft.value, note });
    },
    takeBack(labels) {
      const said = draft.value;
      put({ ...said, labels });
      if (standing(this.said(), said.card) === undefined) return;
      save({ ...verdictOf(said), labels: {}, undone: true });
    },
    saveNow,
    async settled() {
      saveNow();
      await chain;
      return refused.size === 0;
    },
    said() {
      const at = '';
      const all = new Map(verdicts.value);
      for (const [card, verdict] of underWay) all.set(card, { ...verdict, revision: 0, at });
      return all;
    },
    again() {
      for (const { verdict } of [...refused.values()]) save(verdict);
    },
    downloaded() {
      state.value = { kind: 'downloaded' };
    },
  };
}

function stateOf({ where }: Extract<Kept, { ok: true }>, { card, undone }: NewVerdict): SaveState {
  return undone ? { kind: 'taken-back', card } : { kind: 'saved', card, where };
}
