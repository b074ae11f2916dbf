// Checks runs/*.jsonl: each line must be a record of the history, word for word but for its marks and today's names.

import path from 'node:path';
import { canonicalJson } from '../../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import { readFolder, readText } from '../disk/disk-read.ts';
import type { Layout } from '../disk/layout.ts';
import { catchUp } from '../index/catch-up.ts';
import { type IndexDb, openIndexDb } from '../index/index-db.ts';
import { readKept } from '../index/reader.ts';
import { rowFromSql } from '../rows.ts';
import type { ViewCell } from '../store.ts';
import { type Damaged, viewLines } from '../view/view.ts';
import { layOut } from '../view/view-layout.ts';
import type { Finding } from './finding.ts';

/** `cells` null: the manifest cannot be read, and only the lines themselves are checked. */
export function checkView(cells: Iterable<ViewCell> | null, layout: Layout): readonly Finding[] {
  const index = openIndexDb(':memory:');
  try {
    catchUp({ index, layout, role: 'reader' });
    const expected = cells ? expectedFiles({ index, layout, cells }) : null;
    const names = new Set([...(expected?.keys() ?? []), ...viewNames(layout)]);
    return [...names].sort().flatMap((name): readonly Finding[] => {
      const file = path.join(layout.runs, name);
      const text = readText(file);
      if (text === null) return [note(file, 'view-missing', 'is not there yet; the next run writes it')];
      const wanted = expected?.get(name)?.();
      const lines = { index, layout, file, text, metadata: wanted?.slice(0, wanted.indexOf('\n')) };
      let wrong = checkLines(lines);
      if (wrong.length > 0) {
        // A run that ended meanwhile wrote a view of records that are newer than what was read here.
        catchUp({ index, layout, role: 'reader' });
        wrong = checkLines(lines);
      }
      if (wrong.length > 0 || wanted === undefined || wanted === text) return wrong;
      const why = "was written for an earlier manifest or before a run's end; the next run refreshes it";
      return [note(file, 'view-outdated', why)];
    });
  } finally {
    index[Symbol.dispose]();
  }
}

/** One file's text at a time: the whole view is never in memory. */
function expectedFiles(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly cells: Iterable<ViewCell>;
}): Map<string, () => string | undefined> {
  return new Map(
    layOut(input).map((file) => [
      file.name,
      () => {
        const damaged: Damaged[] = [];
        const text = [...viewLines({ ...input, damaged }, file)].join('');
        // A damaged record among them is reported where it stands, in the history.
        return damaged.length === 0 ? text : undefined;
      },
    ]),
  );
}

function checkLines(input: {
  readonly index: IndexDb;
  readonly layout: Layout;
  readonly file: string;
  readonly text: string;
  readonly metadata: string | undefined;
}): readonly Finding[] {
  const lines = input.text.split('\n');
  const findings: Finding[] = [];
  if (lines.pop() !== '') findings.push(derived({ file: input.file, line: lines.length }, 'is cut off'));
  for (const [i, line] of lines.entries()) {
    const place = { file: input.file, line: i + 1 };
    const data = parseObject(line);
    if (!data) findings.push(derived(place, 'is not JSON'));
    else if (data.type === 'scenario_result') {
      if (!isOfHistory(input, data))
        findings.push(derived(place, `is not the record of the history (key ${keyOf(data)})`));
    } else if (i > 0 || data.type !== 'run_metadata') {
      findings.push(derived(place, 'is neither a result nor the metadata line'));
    } else if (input.metadata !== undefined && differs(data, parseObject(input.metadata))) {
      findings.push(derived(place, 'is not the metadata of the history'));
    }
  }
  return findings;
}

/** A view's line is anybody's: what is no text names nothing. */
function keyOf({ key }: JsonObject): string {
  return typeof key === 'string' ? key : '-';
}

function isOfHistory(input: { readonly index: IndexDb; readonly layout: Layout }, line: JsonObject): boolean {
  const rows = input.index
    .statement(
      `SELECT * FROM records WHERE id IN
         (SELECT id FROM kept WHERE key = unhex(?1) UNION SELECT id FROM kept WHERE own_key = unhex(?1))`,
    )
    .all(keyOf(line))
    .map(rowFromSql);
  return rows.some((row) => {
    const kept = readKept({ ...input, row });
    if (kept.kind === 'err' || kept.value.invocation !== line.invocation) return false;
    return bare(kept.value as unknown as JsonObject) === bare(line);
  });
}

/** A record without what the view may change: today's names, marks, and the seal of its history line. */
function bare(record: JsonObject): string {
  const { variant, scenario, category, stale, in_scope, n, c, ...rest } = record;
  return comparable(rest);
}

/** Not the canonical form, which refuses what a server may well have sent (two names that are one in NFC). */
function comparable(value: JsonObject): string {
  return JSON.stringify(value, (_, member: Json) =>
    isJsonObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** Of one invocation but not equal; the count of lines is the view's own. */
function differs(actual: JsonObject, expected: JsonObject | null): boolean {
  if (!expected || actual.invocation !== expected.invocation) return false;
  return canonicalJson({ ...actual, scenarios: 0 }) !== canonicalJson({ ...expected, scenarios: 0 });
}

function derived(place: { readonly file: string; readonly line: number | null }, message: string): Finding {
  return {
    severity: 'derived',
    code: 'view-damaged',
    ...place,
    message: `${message}; the next run rewrites it`,
  };
}

function note(file: string, code: string, message: string): Finding {
  return { severity: 'note', code, file, line: null, message };
}

function viewNames(layout: Layout): readonly string[] {
  return readFolder(layout.runs).filter((name) => name.endsWith('.jsonl'));
}
