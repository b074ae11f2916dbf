// Cards in a terminal, key by key: each is printed and scrolls away, each verdict is saved before it is called so.
//
//   card -> label, label, ... -> saved -> Enter -> next card ... -> guesses -> done
//             ^                    |
//             '--------- u --------'
import type { NewVerdict } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openGuesses, type ReaderSession } from '../../project/review/reader-session.ts';
import {
  cardText,
  doneText,
  keysText,
  promptText,
  revealedText,
  rubricText,
} from '../../report/review/card.ts';
import { choicesOf } from '../../review/choices.ts';
import {
  type Draft,
  draftOf,
  emptyDraft,
  FLAG,
  isComplete,
  nextOpen,
  openDimension,
  saysTheSame,
  standing,
  toggled,
} from '../../review/draft.ts';
import { progressOf, progressWords } from '../../review/progress.ts';
import { makeColors } from '../../text/colors.ts';
import { type Io, layoutOf } from '../io.ts';
import { ask } from '../terminal/ask.ts';
import type { Keyboard } from '../terminal/keyboard.ts';

type At = { readonly session: ReaderSession; readonly keyboard: Keyboard };

export async function readByKeys(io: Io, at: At): Promise<number> {
  const { session } = at;
  const { screen } = session;
  const table = makeTable(io, session);
  table.help();
  let place = nextOpen(screen.cards, { verdicts: session.verdicts(), after: -1 });
  while (place !== null) {
    const to = await readCard(io, { ...at, table, place });
    if (to === 'leave') return table.leave();
    place = to;
  }
  for (const card of openGuesses(session)) {
    if ((await guessArm(io, { ...at, table, card })) === 'leave') return table.leave();
  }
  io.out.write(`\n${doneText(screen.review)}`);
  return EXIT.complete;
}

type Table = ReturnType<typeof makeTable>;

/** What lies before the reader: printed, never moved. */
function makeTable(io: Io, session: ReaderSession) {
  const { screen } = session;
  const choices = choicesOf(screen.protocol);
  const layout = () => ({ ...layoutOf(io.out), lines: 'wrapped' as const });
  const progress = (): string => progressWords(progressOf(screen.cards, session.verdicts()));
  /** Half a verdict waits while another card is looked at. */
  const drafts = new Map<string, Draft>();
  return {
    choices,
    drafts,
    help: () =>
      io.out.write(`${rubricText(screen.protocol, { ...layout(), choices })}\n${keysText(io.out.columns())}`),
    card(at: number) {
      const place = `card ${at + 1} of ${screen.cards.length}`;
      io.out.write(`\n${cardText(screen.cards[at]!, { ...layout(), place })}\n`);
    },
    say: (text: string) => io.out.write(`${text}\n`),
    saved: () =>
      io.out.write(`${makeColors(io.out.colors).good('✓ saved')} · ${progress()} · Enter: next card\n`),
    leave() {
      io.out.write(`\nleft with ${progress()}; \`npx expgraph review next\` goes on\n`);
      return EXIT.complete;
    },
  };
}

/** @returns the place that follows; null = all are read */
async function readCard(
  io: Io,
  { session, keyboard, table, place }: At & { readonly table: Table; readonly place: number },
): Promise<number | null | 'leave'> {
  const { screen, verdicts } = session;
  const { protocol, cards } = screen;
  const { card } = cards[place]!;
  const saved = standing(verdicts(), card);
  let draft = table.drafts.get(card) ?? (saved === undefined ? emptyDraft(card) : draftOf(saved));
  const startMs = io.clock.monotonicMs();
  const save = (more: Partial<NewVerdict> = {}): void => {
    const { note, ...said } = draft;
    const tookMs = Math.round(io.clock.monotonicMs() - startMs);
    session.save({ ...said, look: 1, note: note.trim() === '' ? null : note, took_ms: tookMs, ...more });
  };
  const change = (more: Partial<Draft>): void => {
    draft = { ...draft, ...more };
    table.drafts.set(card, draft);
    if (!isComplete(draft, protocol) || saysTheSame(draft, verdicts().get(card))) return;
    save();
    table.saved();
  };
  table.card(place);
  if (saved !== undefined) table.say(labelsLine(draft));
  for (;;) {
    const open = openDimension(draft, protocol);
    if (open !== -1) io.out.write(promptText(protocol.dimensions[open]!.name, table.choices));
    const key = await keyboard.next();
    const choice = table.choices[Number(key) - 1];
    if (open !== -1) io.out.write(`${choice?.name ?? ''}\n`);
    if (choice !== undefined && open !== -1) {
      change({ labels: { ...draft.labels, [protocol.dimensions[open]!.name]: choice.name } });
      continue;
    }
    switch (key) {
      case null:
      case 'q':
        return 'leave';
      case '\r':
      case ' ':
        if (open === -1) return nextOpen(cards, { verdicts: verdicts(), after: place });
        break;
      case 'j':
      case 'k': {
        const to = place + (key === 'j' ? 1 : -1);
        if (cards[to] !== undefined) return to;
        table.say(key === 'j' ? 'this is the last card' : 'this is the first card');
        break;
      }
      case 'u': {
        const name = Object.keys(draft.labels).at(-1);
        if (name === undefined) {
          const last = lastSaved(session);
          if (last === null) break;
          return last;
        }
        const { [name]: _, ...labels } = draft.labels;
        const stood = standing(verdicts(), card) !== undefined;
        change({ labels });
        if (stood) save({ labels: {}, undone: true });
        table.say(stood ? 'taken back: this card is open again' : 'taken back');
        break;
      }
      case 'n': {
        const note = await typed(keyboard, 'note: ');
        if (note !== null) change({ note });
        break;
      }
      case 'f':
        change({ flags: toggled(draft.flags, FLAG) });
        table.say(draft.flags.includes(FLAG) ? 'flagged' : 'no longer flagged');
        break;
      case 't': {
        const tells = !draft.tells;
        const guess = tells ? await whichArm(io, { session, keyboard }) : null;
        change({ tells, guess });
        break;
      }
      case 'r':
        await reveal(io, { session, keyboard, card });
        break;
      case '?':
        table.help();
        break;
      default:
        break;
    }
  }
}

/** Asked twice: it is written into the protocol. */
async function reveal(io: Io, { session, keyboard, card }: At & { readonly card: string }): Promise<void> {
  io.out.write('Names give the arm away, and that you saw them is written into the protocol. y shows them: ');
  const key = await keyboard.next();
  if (key !== 'y') {
    io.out.write('they stay hidden\n');
    return;
  }
  io.out.write(`\n${revealedText((await session.reveal(card)).tools)}`);
}

/** While a line is typed, keys are letters. */
async function typed(keyboard: Keyboard, question: string): Promise<string | null> {
  keyboard.pause();
  const answer = await ask(question);
  keyboard.resume();
  return answer.kind === 'answered' ? answer.text : null;
}

/** @returns its letter; null = no answer */
async function whichArm(io: Io, { session, keyboard }: At): Promise<string | null> {
  const arms = Object.entries(session.arms);
  const names = arms.map(([, arm], i) => `${i + 1} ${sanitizeLine(arm)}`).join(' · ');
  io.out.write(`Which arm? ${names} · 0 cannot say: `);
  const key = await keyboard.next();
  const letter = arms[Number(key) - 1]?.[0] ?? null;
  io.out.write(`${letter === null ? '' : sanitizeLine(session.arms[letter]!)}\n`);
  return letter;
}

/** Bang's question at the end. Verdicts do not change. */
async function guessArm(
  io: Io,
  { session, keyboard, table, card }: At & { readonly table: Table; readonly card: string },
): Promise<'leave' | 'said'> {
  const { screen, verdicts } = session;
  table.card(screen.cards.findIndex((one) => one.card === card));
  const arms = Object.entries(session.arms);
  const names = arms.map(([, arm], i) => `${i + 1} ${sanitizeLine(arm)}`).join(' · ');
  for (;;) {
    io.out.write(`Which arm is it? ${names} · 0 I cannot tell: `);
    const key = await keyboard.next();
    const guess = key === '0' ? '?' : arms[Number(key) - 1]?.[0];
    io.out.write(`${guess === undefined || guess === '?' ? '' : sanitizeLine(session.arms[guess]!)}\n`);
    if (key === null || key === 'q') return 'leave';
    if (guess === undefined) continue;
    const { revision: _, at: __, ...said } = standing(verdicts(), card)!;
    session.save({ ...said, guess });
    return 'said';
  }
}

function labelsLine({ labels }: Draft): string {
  return Object.entries(labels)
    .map(([dimension, label]) => `${sanitizeLine(dimension)}: ${sanitizeLine(label)}`)
    .join(' · ');
}

/** The place of the card that was saved last. */
function lastSaved({ screen, verdicts }: ReaderSession): number | null {
  const saved = [...verdicts().values()].filter(({ undone }) => !undone);
  const last = saved.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1);
  return last === undefined ? null : screen.cards.findIndex(({ card }) => card === last.card);
}
