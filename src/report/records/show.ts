// What `show` says of records beside their transcripts: as JSON, of archived ones, of damaged ones. Pure.
import type { ScenarioResult } from '../../core/record.ts';
import type { HumanScore } from '../../core/review.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import type { ShownScores } from './record.ts';
import type { ShownStanding } from './standing.ts';

export type ShownRecord = {
  readonly record: ScenarioResult;
  readonly standing: ShownStanding['kind'];
  readonly scores: ShownScores;
  readonly people: readonly HumanScore[];
};

/** One document, a record a line: as they are kept, with how each stands and what is said of it. */
export function* recordsJson(records: Iterable<ShownRecord>): Generator<string> {
  let isFirst = true;
  for (const shown of records) {
    yield `${isFirst ? '[' : ','}${jsonLine(shownJson(shown))}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : ']\n';
}

export function shownJson({ record, standing, scores, people }: ShownRecord): object {
  return {
    ...record,
    ...(standing === 'stale' ? { stale: true } : {}),
    ...(standing === 'out-of-scope' ? { in_scope: false } : {}),
    scores: scores.flatMap(({ scorer, judgements }) =>
      judgements.map(({ vote, status, score, passed, label, reason }) => {
        return { scorer, vote, status, score, passed, label, reason };
      }),
    ),
    ...(people.length === 0 ? {} : { human: people.map(humanJson) }),
  };
}

function humanJson({ dimension, score, passed, labels, adjudicated, notes }: HumanScore): object {
  return { dimension, score, passed, labels, adjudicated, notes };
}

/** A record that gc took out of the history. */
export type Archived = {
  readonly key: string;
  readonly generation: number;
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly run: number;
  readonly status: 'completed' | 'failed';
  readonly outputDigest: string | null;
  readonly startedAt: string;
};

/** What the tombstone still says. */
export function archivedJson(row: Archived, archive: string): object {
  const { key, generation, variant, scenario, category, run, status, outputDigest, startedAt } = row;
  const known = { key, generation, variant, scenario, category, run, status };
  return { type: 'tombstone', ...known, output_digest: outputDigest, started_at: startedAt, archive };
}

/** @param place what commands repeat to mean the same manifest */
export function archivedText(row: Archived, archive: string, place: string): string {
  const { key, generation, variant, scenario, run, status, startedAt } = row;
  const name = sanitizeLine(`${variant}/${scenario}/${run}, ${key.slice(0, 10)}@${generation}`);
  return `${name}, ${status}, started ${startedAt}: archived in archive/${archive}. \`npx expgraph gc --restore ${archive}${place}\` brings it back.\n`;
}

/** One sentence; '' where none is damaged. */
export function damagedWords(cells: readonly string[], place: string): string {
  if (cells.length === 0) return '';
  const names = cells.slice(0, 3).map(sanitizeLine);
  return `${cells.length} damaged records are left out: ${names.join(', ')}${cells.length > 3 ? ', ...' : ''}; \`npx expgraph fsck${place}\` lists them`;
}

/** `outcome`: what cells were asked for; '' where only names were given. */
export function noneWords({
  missing,
  outcome,
}: {
  readonly missing: number;
  readonly outcome: string;
}): string {
  return outcome === '' || missing > 0
    ? 'no cell in scope has a record yet; npx expgraph run draws them'
    : `no cell in scope is ${outcome}`;
}
