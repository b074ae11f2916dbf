// verdicts/<reviewer>.jsonl: a line a verdict, sealed as the lines of the history are and chained by hashes, durable before it is
// called saved. Nothing in it is ever changed: a verdict is revised by a newer line, and taken back by one.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { digestOfFileNow } from '../../cache/disk/blobs.ts';
import { whileLocked } from '../../cache/disk/brief-lock.ts';
import { readText, StoreError } from '../../cache/disk/disk-read.ts';
import { appendNow, makeFolder, replaceFile, truncateFile } from '../../cache/disk/durable.ts';
import { scanLines } from '../../cache/disk/scan.ts';
import { readSlice } from '../../cache/disk/slices.ts';
import { sha256 } from '../../core/canonical.ts';
import type { Redact } from '../../core/redact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { NewVerdict, VerdictLine } from '../../core/review.ts';
import { linkOf, readChain, type UnsealedVerdict, verdictText } from '../../review/chain.ts';
import { ADJUDICATION, verdictFile } from './reviewer.ts';

/** The review that verdicts are of. */
export type VerdictPlace = {
  /** artifacts/<experiment>/reviews/<id> */
  readonly folder: string;
  readonly review: string;
  readonly rubric: string;
  /** Card of the deck -> digest of its answer, of a pair both, joined by a space. */
  readonly answers: ReadonlyMap<string, string>;
};

export type AppendVerdict = VerdictPlace & {
  /** As `reviewerName` gives it. */
  readonly reviewer: string;
  /** One that `checkVerdict` took: its card is one of the deck. */
  readonly verdict: NewVerdict;
  readonly at: string;
  readonly redact: Redact;
  /** It settles a card that reviewers disagree on. */
  readonly adjudicates?: boolean;
};

export type Appended = {
  readonly line: UnsealedVerdict;
  /** What was mended on the way, to be told. */
  readonly notices: readonly string[];
};

/** Durable when it returns. A refusal is in words, and nothing was written. @throws StoreError where the disk stands in the way */
export function appendVerdict(input: AppendVerdict): Result<Appended, string> {
  const appended = appendVerdicts({ ...input, verdicts: [input] });
  if (appended.kind === 'err') return appended;
  return ok({ line: appended.value.lines[0]!, notices: appended.value.notices });
}

/** Several at once, as an import brings them: all in one write, or none. */
export function appendVerdicts(
  input: Omit<AppendVerdict, 'verdict' | 'at'> & {
    readonly verdicts: readonly { readonly verdict: NewVerdict; readonly at: string }[];
  },
): Result<{ readonly lines: readonly UnsealedVerdict[]; readonly notices: readonly string[] }, string> {
  if (!existsSync(path.join(input.folder, 'deck.jsonl'))) return err(`there is no deck in ${input.folder}`);
  return whileLocked(path.join(input.folder, 'lock.db'), () => {
    if (existsSync(path.join(input.folder, 'closed.json')))
      return err(`review ${input.review} is closed: nothing is added to it any more`);
    const file = logFile(input);
    const notices = mendTail(input.folder, file);
    const before = readVerdictFile(file, deckHash(input.folder));
    if (before.kind === 'err') return before;
    const other = before.value.lines.find(({ reviewer }) => reviewer !== input.reviewer);
    if (other !== undefined && !input.adjudicates)
      return err(
        `verdicts of ${JSON.stringify(other.reviewer)} stand in ${path.basename(file)} already: go on as --reviewer ${JSON.stringify(other.reviewer)}, or choose a name that is more different`,
      );
    const lines: UnsealedVerdict[] = [];
    let text = '';
    let { prev } = before.value;
    for (const { verdict, at } of input.verdicts) {
      const line = lineOf({ ...input, verdict, at }, { prev, before: [...before.value.lines, ...lines] });
      const written = verdictText(line);
      lines.push(line);
      text += `${written}\n`;
      prev = linkOf(written);
    }
    makeFolder(path.dirname(file));
    appendNow(file, Buffer.from(text));
    return ok({ lines, notices });
  });
}

function logFile({ folder, reviewer, adjudicates }: Omit<AppendVerdict, 'verdict' | 'at'>): string {
  return adjudicates ? path.join(folder, 'verdicts', `${ADJUDICATION}.jsonl`) : verdictFile(folder, reviewer);
}

function lineOf(
  { verdict, redact, ...input }: AppendVerdict,
  { prev, before }: { readonly prev: string; readonly before: readonly UnsealedVerdict[] },
): UnsealedVerdict {
  const { card, look, undone } = verdict;
  const answer = input.answers.get(card);
  // checkVerdict has seen the deck: a card without an answer is a bug.
  if (answer === undefined) throw new Error(`no answer of card ${card}`);
  return {
    type: 'verdict',
    v: 1,
    review: input.review,
    card,
    look,
    answer,
    rubric: input.rubric,
    labels: verdict.labels,
    note: verdict.note === null ? null : redact(verdict.note),
    flags: verdict.flags.map(redact),
    tells: verdict.tells,
    guess: verdict.guess,
    reviewer: input.reviewer,
    at: input.at,
    took_ms: verdict.took_ms,
    revision: before.filter((line) => line.card === card && line.look === look).length + 1,
    ...(undone ? { undone } : {}),
    ...(input.adjudicates ? { adjudicates: true as const } : {}),
    prev,
    n: before.length + 1,
  };
}

export type VerdictFile = {
  readonly lines: readonly VerdictLine[];
  /** What the next line is chained to. */
  readonly prev: string;
};

/** SHA-256 of the deck's bytes: what the first line of each file is chained to. */
export function deckHash(folder: string): string {
  return digestOfFileNow(path.join(folder, 'deck.jsonl'));
}

/** Every whole line, its chain checked. A last line without its end was never called saved, and is not read. @throws StoreError */
export function readVerdictFile(file: string, deck: string): Result<VerdictFile, string> {
  const { lines, head } = readChain({ text: readText(file) ?? '', deck });
  const whole: VerdictLine[] = [];
  for (const line of lines) {
    if (line.kind === 'whole') {
      whole.push(line.verdict);
      continue;
    }
    const why =
      line.line === 1 && line.why.startsWith('does not follow')
        ? 'does not follow from deck.jsonl'
        : line.why;
    return err(
      `verdicts/${path.basename(file)} line ${line.line} ${why}. Nothing was saved; \`npx expgraph fsck\` says more`,
    );
  }
  return ok({ lines: whole, prev: head });
}

/** The unfinished line of a killed process was never called saved. It is kept aside, not thrown away. */
function mendTail(folder: string, file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const tail = [...scanLines(file)].at(-1);
  if (tail?.kind !== 'torn-tail') return [];
  const quarantine = path.join(folder, 'quarantine');
  makeFolder(quarantine);
  const bytes = readSlice(file, tail);
  if (bytes === null) throw new StoreError(`could not read ${file}: it went away`);
  const name = `${path.basename(file)}.${tail.offset}.${sha256(bytes).slice(0, 8)}.tail`;
  replaceFile(path.join(quarantine, name), [bytes]);
  truncateFile(file, tail.offset);
  return [
    `verdicts/${path.basename(file)} ended in an unfinished line of a killed process: ${tail.length} bytes moved to quarantine/`,
  ];
}
