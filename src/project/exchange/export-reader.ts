// The records of an export, read one by one: under today's names, with what the scorers say and who answered.
import type { StoreReader } from '../../cache/store.ts';
import { type Exported, type Flat, flatten } from '../../exchange/exported.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeIsSimulated } from '../open/simulated.ts';
import { HUMAN, type HumanBook, openHumanBook } from '../select/human-scores.ts';
import { openJudgements } from '../select/record-scores.ts';
import { bookOfToday } from '../select/verdict.ts';
import type { ExportRow } from './export-rows.ts';

export type ExportReader = Disposable & {
  readonly scorers: readonly string[];
  /** undefined = it is damaged. */
  one(row: ExportRow): Exported | undefined;
  /** What is damaged is left out. */
  read(rows: readonly ExportRow[]): Iterable<Exported>;
  flat(rows: readonly ExportRow[]): Iterable<Flat>;
  /** What the scorers say in words, by scorer. */
  reasons(row: ExportRow): ReadonlyMap<string, string>;
  /** Records that could not be read so far. */
  damaged(): number;
};

export function makeExportReader(input: {
  readonly experiment: Experiment;
  readonly store: StoreReader;
}): ExportReader {
  const { experiment, store } = input;
  const book = bookOfToday(experiment);
  const human = openHumanBook(experiment);
  const scorers = [...book.scorers, ...human.scorers];
  const judgements = openJudgements(experiment);
  const isSimulated = makeIsSimulated(experiment, store);
  const damaged = new Set<number>();

  function one(row: ExportRow): Exported | undefined {
    const found = store.row(row.id);
    const result = found && store.read(found);
    if (!found || result?.kind !== 'ok') {
      damaged.add(row.id);
      return undefined;
    }
    // A record counts by its key, whatever its names were: it is told under today's.
    const { variant, scenario, run, category, standing } = row;
    const { outputDigest, tested, ending } = found;
    return {
      record: { ...result.value, variant, scenario, run, category },
      standing,
      scores:
        outputDigest === null
          ? []
          : [
              ...book.of({ variant, scenario, run, outputDigest, tested, ending }),
              // Nobody waits for what nobody has read.
              ...human.of({ scenario, outputDigest }).filter(({ missing }) => missing === null),
            ],
      simulated: isSimulated(found),
    };
  }

  function* read(rows: readonly ExportRow[]): Generator<Exported> {
    for (const row of rows) {
      const exported = one(row);
      if (exported) yield exported;
    }
  }

  return {
    scorers,
    one,
    read: (rows) => ({ [Symbol.iterator]: () => read(rows) }),
    *flat(rows) {
      for (const record of read(rows)) yield flatten(record, scorers);
    },
    reasons({ id, variant, scenario, run }) {
      const row = store.row(id);
      const judged = {
        variant,
        scenario,
        run,
        outputDigest: row?.outputDigest ?? null,
        tested: row?.tested ?? null,
        ending: row?.ending ?? null,
      };
      return new Map([
        ...humanReasons(human, judged),
        ...judgements.of(judged).flatMap(({ scorer, judgements: said }) => {
          const reasons = said.flatMap(({ reason }) => reason ?? []);
          return reasons.length === 0 ? [] : [[scorer, [...new Set(reasons)].join('\n')] as const];
        }),
      ]);
    },
    damaged: () => damaged.size,
    [Symbol.dispose]: () => judgements[Symbol.dispose](),
  };
}

/** Who said what, and the notes of those who read it. */
function humanReasons(
  { saidOf }: HumanBook,
  { scenario, outputDigest }: { readonly scenario: string; readonly outputDigest: string | null },
): readonly (readonly [string, string])[] {
  if (outputDigest === null) return [];
  return saidOf({ scenario, outputDigest }).map(({ dimension, labels, notes, adjudicated }) => {
    const each = labels.map(({ reviewer, label }) => `${reviewer}: ${label}`);
    return [
      `${HUMAN}.${dimension}`,
      [...each, ...(adjudicated ? ['settled by a third'] : []), ...notes].join('\n'),
    ];
  });
}
