// How far the texts of one revision are read: a little at a time, each text once, in the order in which they were kept.
import type { MeasuredRow, Reading } from '../../cache/store.ts';
import { sha256 } from '../../core/canonical.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { searchLine, textLine } from '../../screens/search-texts.ts';
import { callOf } from './draw.ts';
import type { Snapshot } from './snapshot.ts';

export type Progress = Disposable & {
  readonly cells: Snapshot['cells'];
  /** By place: of the rows first, then of their runs. -1 = none, or not read yet. */
  readonly lines: Int32Array;
  /** Of all that there is to read, 0..1. */
  searched(): number;
  /** @param lineOf what a text is the same by, and the text where it is not known yet -> its line */
  readOne(lineOf: (name: string, text: () => string) => number): void;
};

/** @param before what stands where it stood then has its line already */
export function beginProgress(snapshot: Snapshot, before: Progress | null): Progress {
  const { cells, store, experiment } = snapshot;
  const rows = cells.rows.length;
  const lines = new Int32Array(rows + cells.records.length).fill(-1);
  const wanted = wantedRecords(cells, { lines, before });
  const total = rows + wanted.size;
  let nextRow = 0;
  let found = 0;
  let kept: Iterator<MeasuredRow> | null = null;
  let reading: Reading | null = null;
  let isDone = false;

  function close(): void {
    isDone = true;
    reading?.[Symbol.dispose]();
    reading = null;
  }

  function readRecord({ id, ending }: MeasuredRow): string {
    reading ??= store.reading();
    const read = reading.read(id);
    // What cannot be read cannot be found; its page says why.
    return read?.kind === 'ok' ? recordLine(read.value, ending) : '';
  }

  return {
    cells,
    lines,
    searched: () => (isDone || total === 0 ? 1 : Math.floor(((nextRow + found) / total) * 1_000) / 1_000),
    readOne(lineOf) {
      if (nextRow < rows) {
        const text = rowText(experiment, cells.rows[nextRow]!.scenario);
        lines[nextRow++] = lineOf(`scenario ${sha256(text)}`, () => textLine(text));
        return;
      }
      kept ??= store.measures()[Symbol.iterator]();
      const { done, value: row } = kept.next();
      // What is gone since has no text.
      if (done) return close();
      const places = wanted.placesOf(row.id);
      if (places === null) return;
      found++;
      const line = lineOf(row.outputDigest ?? `failed ${row.key} ${row.startedAt}`, () => readRecord(row));
      for (const place of places) lines[rows + place] = line;
      if (found === wanted.size) close();
    },
    [Symbol.dispose]: close,
  };
}

type Wanted = {
  /** How many records. */
  readonly size: number;
  /** Of one record, in the order of `cells.records`; null = nobody wants it. */
  placesOf(id: number): Iterable<number> | null;
};

/** Places in which one record stands hang together: cells of one content share it. */
function wantedRecords(
  cells: Snapshot['cells'],
  { lines, before }: { readonly lines: Int32Array; readonly before: Progress | null },
): Wanted {
  const rows = cells.rows.length;
  const { records } = cells;
  const known = before?.lines.length === lines.length ? before : null;
  const last = new Map<number, number>();
  const previous = new Int32Array(records.length).fill(-1);
  for (let place = 0; place < records.length; place++) {
    const id = records[place]!;
    if (id < 0) continue;
    const line = known?.cells.records[place] === id ? known.lines[rows + place]! : -1;
    lines[rows + place] = line;
    if (line >= 0) continue;
    previous[place] = last.get(id) ?? -1;
    last.set(id, place);
  }
  function* back(from: number): Generator<number> {
    for (let place = from; place >= 0; place = previous[place]!) yield place;
  }
  return {
    size: last.size,
    placesOf(id) {
      const place = last.get(id);
      return place === undefined ? null : back(place);
    },
  };
}

function recordLine({ output, attempts }: ScenarioResult, ending: string | null): string {
  const finish = [output?.finish_reason ?? null, ending].flatMap((word) => word ?? []);
  if (output === null)
    return searchLine({ text: attempts.at(-1)?.error?.message ?? null, toolCalls: [], finish });
  const text = output.refusal === undefined ? output.text : `${output.text}\n${output.refusal}`;
  return searchLine({ text, toolCalls: output.tool_calls.map(callOf), finish });
}

/** What a scenario says of itself and asks; of one that the manifest does not have, its name alone. */
function rowText({ scenarioIndex, manifest }: Snapshot['experiment'], scenario: string): string {
  const at = scenarioIndex.get(scenario);
  if (at === undefined) return scenario;
  const { description, input } = manifest.scenarios[at]!;
  const asked =
    typeof input === 'string' ? input : input.map(({ content }) => contentText(content)).join('\n');
  return [scenario, description ?? '', asked].join('\n');
}

function contentText(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
