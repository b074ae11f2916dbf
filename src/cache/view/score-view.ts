// scores/runs/*.jsonl: the verdicts on every cell's present output, under the cell's names, beside the view of its draw.
import path from 'node:path';
import { sha256Of } from '../../core/canonical.ts';
import { asMeant, meantBy, type Told } from '../../core/meaning.ts';
import type { ScoreRecord } from '../../core/record.ts';
import { fileState, readFolder } from '../disk/disk-read.ts';
import { removeFile, replaceFile } from '../disk/durable.ts';
import type { Layout } from '../disk/layout.ts';
import type { IndexDb } from '../index/index-db.ts';
import { keyHeads } from '../index/key-heads.ts';
import { readBody } from '../index/reader.ts';
import { openFiles } from '../index/reading.ts';
import { standings } from '../index/standing.ts';
import type { ScoreLine } from '../store.ts';

type File = { readonly name: string; readonly lines: ScoreLine[] };

/** @returns paths of the files, sorted. Files that would not change are not touched. */
export function refreshScoreView(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly lines: Iterable<ScoreLine>;
}): readonly string[] {
  const { index, layout } = input;
  const files = new Map<string, File>();
  const headOf = keyHeads(index);
  for (const line of input.lines) {
    const name = `${line.slug}_run${line.run}.jsonl`;
    const file = files.get(name) ?? { name, lines: [] };
    files.set(name, file);
    file.lines.push(line);
  }
  const names = [...files.keys()].sort();
  for (const name of names) writeFile({ ...input, file: files.get(name)!, headOf: (key) => headOf(key)?.id });
  for (const name of readFolder(layout.runs)) {
    if (name.endsWith('.jsonl') && !files.has(name)) removeFile(path.join(layout.runs, name));
  }
  return names.map((name) => path.join(layout.runs, name));
}

function writeFile(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly file: File;
  readonly headOf: (key: string) => unknown;
}): void {
  const { index, layout, file, headOf } = input;
  const target = path.join(layout.runs, file.name);
  const heads = file.lines.flatMap((line) => {
    const id = headOf(line.key);
    return id === undefined ? [] : [{ line, id: Number(id) }];
  });
  const digest = sha256Of(
    heads.map(({ line, id }) =>
      JSON.stringify([id, line.variant, line.scenario, line.run, line.category, line.meaning]),
    ),
  );
  const known = index.statement('SELECT digest, size, mtime_ms FROM views WHERE path = ?').get(file.name);
  const state = fileState(target);
  if (state && known?.digest === digest && known.size === state.size && known.mtime_ms === state.mtimeMs)
    return;
  replaceFile(target, linesOf({ index, layout, heads }));
  const written = fileState(target);
  index
    .statement('INSERT OR REPLACE INTO views(path, digest, size, mtime_ms) VALUES (?, ?, ?, ?)')
    .run(file.name, digest, written?.size ?? 0, written?.mtimeMs ?? 0);
}

/** Each record is read when its turn comes. A damaged one is left out: fsck tells of it. */
function* linesOf(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly heads: readonly { readonly line: ScoreLine; readonly id: number }[];
}): Generator<string> {
  const standingOf = standings(input.index);
  using open = openFiles();
  for (const { line, id } of input.heads) {
    const row = standingOf(id);
    const body = row && readBody({ ...input, row, open });
    if (body?.kind !== 'ok') continue;
    const seen = { line, told: row!.told };
    yield asItIs(body.value, seen) ?? changed(body.value, seen);
  }
}

type Seen = { readonly line: ScoreLine; readonly told: Told | null };

/** Its own text, where it stands under its own names and means what it says; null = something is to be changed. */
function asItIs(body: string, { line, told }: Seen): string | null {
  const { variant, scenario, run, category, meaning } = line;
  const meant = told !== null && meaning !== null ? meantBy(told, meaning) : told;
  if (meant?.score !== told?.score || meant?.passed !== told?.passed) return null;
  // No member before the names holds an object: what looks like them first is them.
  const names = JSON.stringify({ scenario, category, variant, run }).slice(1, -1);
  if (!body.startsWith(`${names},`, body.indexOf('"scenario":'))) return null;
  return `${body.replace(NUMBER, '')}}\n`;
}

/** As the writer puts it: behind all that a record says. */
const NUMBER = /,"n":\d+$/;

function changed(body: string, { line, told }: Seen): string {
  const { variant, scenario, run, category, meaning } = line;
  const { n: _n, ...record } = asMeant(JSON.parse(`${body}}`) as ScoreRecord, told, meaning);
  return `${JSON.stringify({ ...record, variant, scenario, run, category })}\n`;
}
