// The records of an export, read one by one: under today's names, with what the scorers say and who answered.
import type { StoreReader } from '../../cache/store.ts';
import { type Exported, type Flat, flatten } from '../../exchange/exported.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeIsSimulated } from '../open/simulated.ts';
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
      scores: outputDigest === null ? [] : book.of({ variant, scenario, run, outputDigest, tested, ending }),
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
    scorers: book.scorers,
    one,
    read: (rows) => ({ [Symbol.iterator]: () => read(rows) }),
    *flat(rows) {
      for (const record of read(rows)) yield flatten(record, book.scorers);
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
      return new Map(
        judgements.of(judged).flatMap(({ scorer, judgements: said }) => {
          const reasons = said.flatMap(({ reason }) => reason ?? []);
          return reasons.length === 0 ? [] : [[scorer, [...new Set(reasons)].join('\n')]];
        }),
      );
    },
    damaged: () => damaged.size,
    [Symbol.dispose]: () => judgements[Symbol.dispose](),
  };
}
