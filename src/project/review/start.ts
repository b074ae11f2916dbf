// A review begins: the answers in scope become a deck, whose they are is sealed, and from then on nothing is shown by arm.
import { randomBytes } from 'node:crypto';
import { sha256 } from '../../core/canonical.ts';
import type { Breach, LeakCheck, ProtocolFile, ReviewProtocol, SealedKey } from '../../core/review.ts';
import type { Filter } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type MadeDeck, makeDeck, seedOf } from '../../review/deck.ts';
import { protocolDigest, recordsDigest, rubricDigest } from '../../review/digests.ts';
import type { Draw, ReviewArm } from '../../review/draw.ts';
import { MAX_AUC } from '../../review/leak.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import { userName } from '../open/user-name.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { DEFAULT_REVIEW } from './default-protocol.ts';
import { readDraws, reviewArms, reviewScenarios } from './draws.ts';
import { listReviews, type ReviewPaths, reviewIdProblem } from './files.ts';
import { judgedAnswers } from './judged-answers.ts';
import { createReview, keyText } from './write-files.ts';

export type StartInput = {
  readonly experiment: Experiment;
  readonly filter: Filter;
  /** Only answers that no closed review of the same rubric has judged. */
  readonly unread: boolean;
  /** null = by the date. */
  readonly id: string | null;
  /** null = it follows from what is judged. */
  readonly seed: number | null;
  /** Why the review begins although the arm can be guessed; null = then it does not. */
  readonly acceptLeak: string | null;
  readonly argv: readonly string[];
  readonly wait: boolean;
};

export type StartedReview = {
  readonly paths: ReviewPaths;
  readonly protocol: ProtocolFile;
  readonly cards: number;
  /** Cards that all reviewers read. */
  readonly shared: number;
  readonly draws: number;
  /** Pairs in which both arms said the same: no cards. */
  readonly same: number;
  readonly leak: LeakCheck;
};

/** The arm can be guessed from what the cards show: nothing was written. */
export class LeakError extends CommandError {
  readonly leak: LeakCheck;
  constructor(message: string, leak: LeakCheck) {
    super(message, EXIT.incomplete);
    this.leak = leak;
  }
}

/** @throws CommandError where there is nothing to read, no protocol, or a leak that nobody accepted */
export async function startReview(world: World, input: StartInput): Promise<StartedReview> {
  const { experiment, acceptLeak } = input;
  const protocol = experiment.manifest.review;
  if (protocol === undefined) throw noProtocol(world);
  if (input.unread && protocol.mode === 'pair')
    throw new CommandError('--unread is about answers that are judged alone: leave it out with mode: pair');
  if (acceptLeak !== null && acceptLeak.trim() === '')
    throw new CommandError(
      '--accept-leak takes the reason: it stands in the protocol, for whoever reads the result',
    );
  const id = chooseId(world, input);
  const { draws, arms, deck } = await dealt(world, { ...input, protocol });
  const { leak } = deck;
  const isLeaking = leak.auc !== null && leak.auc > MAX_AUC;
  if (isLeaking && acceptLeak === null) throw new LeakError(leakWords(leak.auc!, protocol), leak);
  const at = world.clock.now().toISOString();
  const user = userName(world.env);
  const what = `a classifier guesses the arm with an AUC of ${leak.auc}`;
  const breaches: readonly Breach[] = isLeaking
    ? [{ at, user, kind: 'accept-leak', what, reason: experiment.redact(acceptLeak!) }]
    : [];
  const sealed: SealedKey = { v: 1, review: id, nonce: randomBytes(32).toString('hex'), ...deck.sealed };
  const key = keyText(sealed);
  const digests = { protocol: protocolDigest(protocol), rubric: rubricDigest(protocol) };
  const about = { v: 1, review: id, experiment: experiment.manifest.name } as const;
  const file: ProtocolFile = {
    ...about,
    ...{ protocol, protocol_digest: digests.protocol, rubric_digest: digests.rubric },
    seed: seedFor(input, draws),
    records_digest: recordsDigest(sealed.cards),
    argv: input.argv.map((word) => experiment.redact(word)),
    ...{ started_at: at, started_by: user, arms: lettered(arms), readers: [], leak, breaches },
  };
  const { cards } = deck;
  using _lock = await takeStoreLock({ io: world, experiment, argv: input.argv, wait: input.wait });
  const paths = createReview(experiment.root, {
    deck: {
      ...({ type: 'deck', ...about } as const),
      ...{ ...digests, key_sha256: sha256(key), mode: protocol.mode, cards: cards.length, created_at: at },
    },
    cards,
    key,
    protocol: file,
  });
  const shared = cards.filter(({ part }) => typeof part !== 'number').length;
  return { paths, protocol: file, cards: cards.length, shared, draws: draws.length, same: deck.same, leak };
}

async function dealt(
  world: World,
  input: StartInput & { readonly protocol: ReviewProtocol },
): Promise<{
  readonly draws: readonly Draw[];
  readonly arms: readonly ReviewArm[];
  readonly deck: MadeDeck;
}> {
  const { experiment, filter, protocol } = input;
  using store = experiment.stores.read();
  notifyDiagnostics(world, store.diagnostics);
  const found = await readDraws({ experiment, store, filter });
  const draws = input.unread
    ? withoutJudged(world, experiment, { protocol, draws: found.draws })
    : found.draws;
  if (draws.length === 0) throw nothingToRead(input, found.draws.length);
  if (found.damaged > 0)
    note(world, `${found.damaged} damaged records are left out; "npx expgraph fsck" lists them`);
  if (found.lacking > 0)
    note(world, `${found.lacking} cells in scope have no completed answer: nobody will judge them here`);
  const arms = reviewArms(experiment, draws);
  if (protocol.mode === 'pair' && arms.length < 2)
    throw new CommandError(
      'mode: pair holds two arms against each other, and the answers in scope are of one',
    );
  const scenarios = reviewScenarios(experiment, draws, arms);
  const deck = makeDeck({ draws, scenarios, arms, protocol, seed: seedFor(input, draws) });
  if (deck.cards.length === 0)
    throw new CommandError('there is no pair to read: the arms gave the same answer everywhere in scope');
  return { draws, arms, deck };
}

function seedFor({ seed }: StartInput, draws: readonly Draw[]): number {
  return seed ?? seedOf(draws);
}

/** By answer and scenario: what was judged is not judged again, however often it was drawn since. */
function withoutJudged(
  world: World,
  experiment: Experiment,
  { protocol, draws }: { readonly protocol: ReviewProtocol; readonly draws: readonly Draw[] },
): readonly Draw[] {
  const judged = judgedAnswers(world, { root: experiment.root, rubric: rubricDigest(protocol) });
  return draws.filter(({ scenario, answer }) => !judged.has(JSON.stringify([scenario, answer])));
}

/** Letters stand for arms where a reader guesses: A is the manifest's first. */
function lettered(arms: readonly ReviewArm[]): Readonly<Record<string, string>> {
  return Object.fromEntries(arms.map(({ variant }, at) => [letterOf(at), variant]));
}

function letterOf(at: number): string {
  const letter = String.fromCharCode(65 + (at % 26));
  return at < 26 ? letter : `${letter}${Math.floor(at / 26)}`;
}

/** The day, and a number from the second of a day on. */
function chooseId(world: World, { experiment, id }: StartInput): string {
  const taken = new Set(listReviews(experiment.root).map(({ paths }) => paths.id));
  if (id !== null) {
    const problem = reviewIdProblem(id);
    if (problem !== null) throw new CommandError(`--id ${JSON.stringify(id)}: ${problem}`);
    if (taken.has(id)) throw new CommandError(`there is a review ${id} already: --id NAME names another`);
    return id;
  }
  const day = world.clock.now().toISOString().slice(0, 10);
  for (let n = 1; ; n++) {
    const name = n === 1 ? day : `${day}-${n}`;
    if (!taken.has(name)) return name;
  }
}

function noProtocol(world: World): CommandError {
  world.notify({ kind: 'lines', text: DEFAULT_REVIEW });
  return new CommandError(
    'the manifest does not say what is judged: "review:" stands there before anybody reads. Paste the lines above, and make them yours',
  );
}

function nothingToRead({ unread, filter }: StartInput, found: number): CommandError {
  if (unread && found > 0)
    return new CommandError(
      `all ${found} answers in scope were judged by closed reviews of this rubric: there is nothing unread`,
    );
  const scope = JSON.stringify(filter.variant) === '[]' ? '' : ' in scope';
  return new CommandError(
    `there is no completed answer${scope} to read; "npx expgraph status" tells what is there`,
  );
}

/** Who reads it may be who judges later: which way a word tells is not said. */
function leakWords(auc: number, { mask }: ReviewProtocol): string {
  const more = (['tools', 'arguments'] as const).filter((one) => !mask.includes(one));
  const help =
    more.length === 0
      ? 'What is left are the texts themselves'
      : `mask: [${[...mask, ...more].join(', ')}] hides more${more.includes('arguments') ? ' (calls are shown as the intents of expects_tools)' : ''}`;
  return sanitizeLine(
    `the cards tell the arm: a plain classifier guesses it with an AUC of ${auc.toFixed(2)} (0.50 = it cannot, ${MAX_AUC} is allowed). ${help}. --accept-leak REASON begins all the same, and stands in the protocol`,
  );
}
