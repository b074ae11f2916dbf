// Verdicts that were made elsewhere become lines of the logs here: each once, however often its file is taken, or none of a file
// that is of another review, another rubric, or says something that cannot be.
import path from 'node:path';
import { readText } from '../../cache/disk/disk-read.ts';
import type { JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { DeckCard, NewVerdict, ProtocolFile, VerdictLine } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { writtenTime } from '../../core/written-time.ts';
import { checkVerdict } from '../../review/check-verdict.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { note, type World } from '../open/world.ts';
import { chooseReview } from './choose-review.ts';
import { type Deck, listReviews, type ReviewPaths, readDeck, readProtocol, readVerdicts } from './files.ts';
import { orThrow } from './or-throw.ts';
import { readVerdictLines } from './read-verdicts.ts';
import { joinReaders } from './readers.ts';
import { readerOrder } from './reading-order.ts';
import { reviewerName } from './reviewer.ts';
import { appendVerdicts } from './verdict-log.ts';

export type ImportedVerdicts = {
  readonly review: string;
  /** In the order of the files. */
  readonly reviewers: readonly { readonly reviewer: string; readonly added: number }[];
  readonly added: number;
  /** There already. */
  readonly known: number;
  /** Of cards of which a newer verdict is there. */
  readonly older: number;
};

type Incoming = {
  readonly reviewer: string;
  readonly isAdjudication: boolean;
  readonly at: string;
  /** The file says when; else it is now. */
  readonly isTimed: boolean;
  readonly verdict: NewVerdict;
};

/** @throws CommandError with what is wrong and where: then nothing was taken */
export async function importVerdicts(
  world: World,
  input: {
    readonly experiment: Experiment;
    readonly files: readonly string[];
    readonly review: string | null;
  },
): Promise<ImportedVerdicts> {
  const { experiment, files } = input;
  const open = listReviews(experiment.root).filter(({ state }) => state === 'open').length;
  const id = input.review ?? (open > 1 ? reviewNamed(world, files) : null);
  const paths = chooseReview(experiment.root, { id, state: 'open' });
  const deck = orThrow(readDeck(paths));
  const protocol = orThrow(readProtocol(paths));
  const context = { paths, deck, protocol, now: world.clock.now().toISOString() };
  const problems: string[] = [];
  const incoming: Incoming[] = [];
  for (const file of files) {
    const shown = sanitizeLine(file);
    const dimensions = protocol.protocol.dimensions.map(({ name }) => name);
    const lines = await readVerdictLines(path.resolve(world.cwd, file), dimensions);
    if (lines === null) throw new CommandError(`there is no file ${shown}`);
    if (lines.length === 0) problems.push(`${shown} holds no verdict`);
    for (const { line, said } of lines) {
      const read = said.kind === 'err' ? said : readIncoming(said.value, context);
      if (read.kind === 'ok') incoming.push(read.value);
      else problems.push(`${shown}:${line} ${read.error}`);
    }
  }
  if (problems.length > 0) throw refused(world, problems);
  return append(world, { ...context, experiment, incoming });
}

/** A page that works from disk knows whose cards it shows; a table may say so in a column, which is held against the choice. */
function reviewNamed(world: World, files: readonly string[]): string | null {
  for (const file of files) {
    const [first = ''] = (readText(path.resolve(world.cwd, file)) ?? '').split('\n', 1);
    const named = parseObject(first)?.review;
    if (typeof named === 'string') return named;
  }
  return null;
}

type Context = {
  readonly paths: ReviewPaths;
  readonly deck: Deck;
  readonly protocol: ProtocolFile;
  /** For verdicts that do not say when they were made. */
  readonly now: string;
};

/** Problems are shown ten at a time: a file of another review has one on each line. */
const MOST = 9;

function refused(world: World, problems: readonly string[]): CommandError {
  const more = problems.length - MOST;
  const lines = [...problems.slice(0, MOST), ...(more > 0 ? [`and ${more} more`] : [])];
  world.notify({ kind: 'lines', text: lines.map((line) => `${sanitizeLine(line)}\n`).join('') });
  return new CommandError('nothing was imported: a file of verdicts is taken whole, or not at all');
}

function readIncoming(said: JsonObject, context: Context): Result<Incoming, string> {
  const { paths, deck, protocol, now } = context;
  const { review, rubric, reviewer, at, adjudicates } = said;
  if (review !== undefined && review !== paths.id)
    return err(`is of review ${shown(review)}, and this is ${paths.id} (--review NAME takes another)`);
  if (rubric !== undefined && rubric !== deck.head.rubric)
    return err(
      'was made with another rubric than this review has: what its labels mean is not what they mean here',
    );
  if (typeof reviewer !== 'string') return err('names no reviewer');
  const name = reviewerName(reviewer);
  if (name.kind === 'err') return name;
  const place = placeOf(said, { ...context, reviewer: name.value });
  if (place.kind === 'err') return place;
  const { card, look } = place.value;
  const answer = card.answers.map((one) => one.answer).join(' ');
  if (said.answer !== undefined && said.answer !== answer)
    return err(`is about another answer than ${card.card} shows: it was made with another deck`);
  const checked = checkVerdict(
    { ...said, card: card.card, look },
    { protocol: protocol.protocol, cards: [card.card] },
  );
  if (checked.kind === 'err') return checked;
  const atMs = typeof at === 'string' ? writtenTime(at) : null;
  if (at !== undefined && atMs === null)
    return err(`has ${shown(at)} for a time, which is not one like 2026-02-01T12:00:00Z`);
  const made = atMs === null ? now : new Date(atMs).toISOString();
  return ok({
    ...{ reviewer: name.value, isAdjudication: adjudicates === true },
    ...{ at: made, isTimed: atMs !== null, verdict: checked.value },
  });
}

/** Cards have one name in the deck, and another in each reader's order. */
function placeOf(
  { card, look }: JsonObject,
  { deck, protocol, reviewer }: Context & { readonly reviewer: string },
): Result<{ readonly card: DeckCard; readonly look: 1 | 2 }, string> {
  const own = deck.cards.find((one) => one.card === card);
  if (own !== undefined) return look === 2 ? ok({ card: own, look }) : ok({ card: own, look: 1 });
  // A name that has no place yet has the next one: as it will when it is written down.
  const place = readerOrder(deck.cards, protocol, reviewer).places.find(({ name }) => name === card);
  if (place !== undefined) return ok({ card: place.card, look: place.look });
  return err(`is about ${shown(card)}, and there is no such card in this deck`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? sanitizeLine(value.slice(0, 80)) : 'no name';
}

/** Each log takes all of its lines in one write. */
function append(
  world: World,
  input: Context & { readonly experiment: Experiment; readonly incoming: readonly Incoming[] },
): ImportedVerdicts {
  const { paths, deck, experiment, incoming } = input;
  const kept = readVerdicts(paths, deck);
  const broken = kept.problems.find(({ severity }) => severity === 'error');
  if (broken !== undefined)
    throw new CommandError(
      `${broken.message}: "npx expgraph fsck" lists what is damaged. Nothing was imported`,
    );
  const answers = new Map(
    deck.cards.map(({ card, answers: own }) => [card, own.map(({ answer }) => answer).join(' ')]),
  );
  const logs = new Map<string, Incoming[]>();
  for (const one of incoming) {
    const log = one.isAdjudication ? '' : one.reviewer;
    logs.set(`${log}\n${one.reviewer}`, [...(logs.get(`${log}\n${one.reviewer}`) ?? []), one]);
  }
  const reviewers: { reviewer: string; added: number }[] = [];
  let known = 0;
  let older = 0;
  for (const all of logs.values()) {
    const { reviewer, isAdjudication } = all[0]!;
    const before = kept.reviewers
      .filter((one) => one.isAdjudication === isAdjudication)
      .flatMap(({ lines }) => lines);
    const chosen = chooseNew(
      all,
      before.filter((line) => line.reviewer === reviewer),
    );
    known += chosen.known;
    older += chosen.older;
    reviewers.push({ reviewer, added: chosen.fresh.length });
    if (chosen.fresh.length === 0) continue;
    const joined = isAdjudication ? null : joinReaders(paths, reviewer);
    if (joined?.kind === 'err') throw new CommandError(joined.error);
    const appended = appendVerdicts({
      ...{ folder: paths.folder, review: paths.id, rubric: deck.head.rubric, answers, reviewer },
      ...(isAdjudication ? { adjudicates: true } : {}),
      verdicts: chosen.fresh,
      redact: experiment.redact,
    });
    if (appended.kind === 'err') throw new CommandError(appended.error);
    for (const text of appended.value.notices) note(world, text);
  }
  const added = reviewers.reduce((sum, one) => sum + one.added, 0);
  return { review: paths.id, reviewers, added, known, older };
}

function chooseNew(
  all: readonly Incoming[],
  lines: readonly VerdictLine[],
): { readonly fresh: readonly Incoming[]; readonly known: number; readonly older: number } {
  const said = new Set(lines.map((line) => `${line.at} ${contentOf(line)}`));
  const newest = new Map<string, { readonly at: string; readonly content: string }>();
  const put = ({ card, look }: NewVerdict, now: { readonly at: string; readonly content: string }): void => {
    const place = `${card} ${look}`;
    if ((newest.get(place)?.at ?? '') <= now.at) newest.set(place, now);
  };
  for (const line of lines) put(line, { at: line.at, content: contentOf(line) });
  const fresh: Incoming[] = [];
  let known = 0;
  let older = 0;
  const sorted = [...all].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  for (const one of sorted) {
    const { verdict, at, isTimed } = one;
    const content = contentOf(verdict);
    const last = newest.get(`${verdict.card} ${verdict.look}`);
    // A table has no times: what it says is there where it is what was said last.
    if (isTimed ? said.has(`${at} ${content}`) : last?.content === content) known++;
    else if (last !== undefined && last.at > at) older++;
    else {
      fresh.push(one);
      said.add(`${at} ${content}`);
      put(verdict, { at, content });
    }
  }
  return { fresh, known, older };
}

function contentOf({ card, look, labels, note: words, flags, tells, guess, undone }: NewVerdict): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([card, look, sorted, words, flags, tells, guess, undone === true]);
}
