// How a record stands beside what the manifest asks for now, in sentences for above its transcript. Pure.
import type { Reason } from '../../core/task.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { forgottenWords } from '../words/drawn-again.ts';
import { partName } from '../words/explain.ts';

export type ShownStanding = {
  readonly kind: 'current' | 'superseded' | 'stale' | 'out-of-scope';
  /** Of a stale one why; null = that is not known. */
  readonly reason: Reason | null;
  /** A record that is newer than the shown one, and failed: the shown one counts all the same. */
  readonly newerFailed: { readonly name: string; readonly error: string } | null;
  /** Of a failed one an answer to other content that is kept; null = there is none. */
  readonly keptAnswer: string | null;
  /** The cell as `show` takes it. */
  readonly cell: string;
  /** What commands repeat to mean the same manifest. */
  readonly place: string;
};

export const STANDS: ShownStanding = {
  kind: 'current',
  reason: null,
  newerFailed: null,
  keptAnswer: null,
  cell: '',
  place: '',
};

export function standingSentences(standing: ShownStanding): readonly string[] {
  const { kind, newerFailed, keptAnswer } = standing;
  return [
    ...(newerFailed === null
      ? []
      : [
          `a newer record (${newerFailed.name}) failed: ${newerFailed.error}. What is shown is the answer that counts.`,
        ]),
    ...(keptAnswer === null
      ? []
      : [
          `failed for what the manifest asks now; an answer to other content is kept: npx expgraph show ${keptAnswer}${standing.place}`,
        ]),
    ...(kind === 'stale'
      ? [`stale: ${staleWords(standing.reason)}; npx expgraph run${standing.place} draws it again`]
      : []),
    ...(kind === 'superseded'
      ? [
          `superseded: another record of this content counts: npx expgraph show ${standing.cell}${standing.place}`,
        ]
      : []),
    ...(kind === 'out-of-scope' ? ['the manifest does not hold this cell any more'] : []),
  ];
}

/** What changed since, in one line. */
export function staleWords(reason: Reason | null): string {
  if (reason?.kind !== 'stale') return 'the manifest asks for other content now';
  if (reason.forgot) return `nothing was edited, but its key did not hold ${forgottenWords(reason.forgot)}`;
  const [first, ...more] = reason.changed;
  if (first === undefined) return 'the manifest asks for other content now';
  const others = more.length === 0 ? '' : ` and ${more.length} more`;
  if (first.from === undefined && first.to === undefined) return `${partName(first.part)}${others} changed`;
  const { from, to } = excerptPair({ from: first.from, to: first.to, width: EXCERPT });
  return `${partName(first.part)}${others} changed, from ${from} to ${to}`;
}

const EXCERPT = 40;
