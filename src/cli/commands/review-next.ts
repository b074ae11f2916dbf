// expgraph review next: the next card in a terminal, key by key; in a pipe as text or JSON, with what is said of it as options.

import type { NewVerdict, SavedVerdict } from '../../core/review.ts';
import { jsonLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { placeWords } from '../../project/open/filters.ts';
import {
  openGuesses,
  openReaderSession,
  type ReaderInput,
  type ReaderSession,
} from '../../project/review/reader-session.ts';
import { cardText, doneText, guessText, revealedText, rubricText } from '../../report/review/card.ts';
import { choicesOf } from '../../review/choices.ts';
import { FLAG, nextOpen } from '../../review/draft.ts';
import { parseLabels } from '../../review/parse-labels.ts';
import { progressOf, progressWords } from '../../review/progress.ts';
import { type Io, layoutOf } from '../io.ts';
import { openKeyboard } from '../terminal/keyboard.ts';

export type ReviewNextOptions = ReaderInput & {
  /** `tool_selection=good,naturalness=poor` */
  readonly labels?: string;
  /** Left out, the next card that is open. */
  readonly card?: string;
  readonly note?: string;
  readonly flag?: boolean;
  readonly tells?: boolean;
  readonly guess?: string;
  readonly undo?: boolean;
  /** Real names of the tools on the card: written into the protocol. */
  readonly reveal?: boolean;
  readonly json?: boolean;
};

export async function reviewNextCommand(io: Io, options: ReviewNextOptions): Promise<number> {
  const session = await openReaderSession(io, options);
  const saved = sayGiven(session, options);
  if (saved === null && !options.json && !options.reveal && options.card === undefined) {
    using keyboard = openKeyboard();
    if (keyboard !== null)
      return await (await import('./review-next-loop.ts')).readByKeys(io, { session, keyboard });
  }
  const at = placeOf(session, options.card !== undefined && saved === null ? options.card : undefined);
  if (options.reveal) return await reveal(io, { session, at, json: options.json ?? false });
  if (options.json) io.out.write(jsonLine(nextJson(session, { saved, at })));
  else io.out.write(nextText(session, { saved, at, io, again: againWords(io, options) }));
  return EXIT.complete;
}

async function reveal(
  io: Io,
  {
    session,
    at,
    json,
  }: { readonly session: ReaderSession; readonly at: number | null; readonly json: boolean },
): Promise<number> {
  const card = session.screen.cards[at ?? -1]?.card;
  if (card === undefined)
    throw new CommandError('all cards are read: --card NAME names the one that is meant');
  const { tools } = await session.reveal(card);
  io.out.write(json ? jsonLine({ card, tools }) : revealedText(tools));
  return EXIT.complete;
}

/** What the options say of a card; null = they say nothing. */
function sayGiven(session: ReaderSession, options: ReviewNextOptions): SavedVerdict | null {
  const { labels, undo, guess } = options;
  if (labels === undefined && !undo && guess === undefined) {
    if (options.note !== undefined || options.flag || options.tells)
      throw new CommandError(
        'a note, a flag and --tells stand beside --labels or --guess: nothing was saved',
      );
    return null;
  }
  const { screen } = session;
  const next = nextOpen(screen.cards, { verdicts: session.verdicts(), after: -1 });
  const open =
    guess === undefined || labels !== undefined ? screen.cards[next ?? -1]?.card : openGuesses(session)[0];
  const card = options.card ?? (undo ? lastSaid(session) : open);
  if (undo && card === undefined) throw new CommandError('nothing is said yet that could be taken back');
  if (card === undefined) throw new CommandError('all cards are read: --card NAME names one to say more of');
  const before = session.verdicts().get(card);
  if (undo && (before === undefined || before.undone))
    throw new CommandError(`nothing is said of ${card} that could be taken back`);
  const said: NewVerdict = {
    card,
    look: 1,
    labels: labels === undefined ? (before?.labels ?? {}) : parseLabels(labels),
    note: options.note ?? before?.note ?? null,
    flags: options.flag ? [FLAG] : (before?.flags ?? []),
    tells: options.tells ?? before?.tells ?? false,
    guess: guess ?? before?.guess ?? null,
    took_ms: 0,
    ...(undo ? { labels: {}, undone: true as const } : {}),
  };
  return session.save(said);
}

function lastSaid(session: ReaderSession): string | undefined {
  const standing = [...session.verdicts().values()].filter(({ undone }) => !undone);
  return standing.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1)?.card;
}

/** Of the card that is named, or of the next that is open; null = all are read. */
function placeOf({ screen, verdicts }: ReaderSession, card: string | undefined): number | null {
  if (card === undefined) return nextOpen(screen.cards, { verdicts: verdicts(), after: -1 });
  const at = screen.cards.findIndex((one) => one.card === card);
  if (at === -1)
    throw new CommandError(
      `there is no card ${JSON.stringify(card.slice(0, 40))}: ${screen.cards[0]!.card} is the first`,
    );
  return at;
}

type Now = { readonly saved: SavedVerdict | null; readonly at: number | null };

function nextJson(session: ReaderSession, { saved, at }: Now): object {
  const { screen, verdicts, arms } = session;
  const [guess] = at === null ? openGuesses(session) : [];
  const { dimensions, labels, mode } = screen.protocol;
  const { read, cards, minutes } = progressOf(screen.cards, verdicts());
  return {
    review: screen.review,
    reviewer: screen.reviewer,
    saved,
    progress: { read, cards, minutes_left: minutes },
    mode,
    dimensions,
    labels: mode === 'pair' ? choicesOf(screen.protocol).map(({ name }) => ({ name })) : labels,
    next: at === null ? null : screen.cards[at]!,
    guess: guess === undefined ? null : { card: screen.cards.find(({ card }) => card === guess), arms },
  };
}

/** The command that says something of a card of the same reader. */
function againWords(io: Io, { reviewer }: ReviewNextOptions): string {
  return `npx expgraph review next${placeWords(io)}${reviewer === undefined ? '' : ` --reviewer ${JSON.stringify(reviewer)}`}`;
}

function nextText(
  session: ReaderSession,
  { saved, at, io, again }: Now & { readonly io: Io; readonly again: string },
): string {
  const { screen, verdicts, arms } = session;
  const options = { ...layoutOf(io.out), lines: io.out.isTty ? ('wrapped' as const) : ('whole' as const) };
  const progress = progressWords(progressOf(screen.cards, verdicts()));
  const said =
    saved === null ? '' : `${saved.undone ? 'taken back' : 'saved'}: ${saved.card} (${progress})\n\n`;
  if (at !== null) {
    const card = screen.cards[at]!;
    const place = `card ${card.card} (${progress})`;
    const choices = choicesOf(screen.protocol);
    const how = `${again} --card ${card.card} --labels ${screen.protocol.dimensions.map(({ name }) => `${name}=...`).join(',')}`;
    return `${said}${cardText(card, { ...options, place })}\n${rubricText(screen.protocol, { ...options, choices })}\n${how}\n`;
  }
  const [guess] = openGuesses(session);
  if (guess === undefined) return `${said}${doneText(screen.review)}`;
  const card = screen.cards.find((one) => one.card === guess)!;
  return `${said}${cardText(card, { ...options, place: `guess ${guess}` })}\n${guessText(arms, `${again} --card ${guess}`)}`;
}
