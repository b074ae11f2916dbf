// attempts.jsonl: what an invocation paid before its tasks had records. Which lines are whose, and what they come to.
import path from 'node:path';
import { type InvocationOrder, isUpTo } from '../../core/invocation-id.ts';
import type { Turn } from '../../core/outcome.ts';
import type { Logged, MoreSpent, PaidCall, Spent } from '../../core/paid.ts';
import {
  addSpent,
  isCounted,
  itemsTried,
  NOTHING_SPENT,
  paidBy,
  paidCalls,
  paidIn,
  turnsToGoOnFrom,
} from '../../core/paid.ts';
import type { KeptResult, ScoreRecord } from '../../core/record.ts';
import type { Result } from '../../core/result.ts';
import type { Place, RecordRow } from '../rows.ts';
import { rowFromSql } from '../rows.ts';
import type { IndexDb } from './index-db.ts';

/** Beside the records of an invocation, and like them: numbered, sealed, only ever appended to. */
export const ATTEMPTS = 'attempts.jsonl';

export type LoggedRow = Place & InvocationOrder & { readonly key: string };

/** Reads one line of the history, checked. */
export type ReadLine = (place: Place) => Result<Record<string, unknown>, string>;

const TYPES = new Set(['turn', 'results', 'attempt']);

export function isLogged(line: { readonly [field: string]: unknown }): boolean {
  return TYPES.has(line.type as string);
}

export function addLogged(index: IndexDb, row: LoggedRow): void {
  index
    .statement(
      'INSERT OR REPLACE INTO attempts(file, offset, length, key, sequence, stamp, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(row.file, row.offset, row.length, row.key, row.sequence, row.stamp, row.origin);
}

/**
 * Turns of a key that were paid for and led to no answer. What came before a completed record is in it, and belongs to it
 * for good: another draw of the key is another one from its first word.
 */
export function paidTurns(index: IndexDb, key: string, read: ReadLine): readonly Turn[] {
  const rows = rowsOf(index, key);
  if (rows.length === 0) return [];
  const done = index
    .statement(
      `SELECT sequence, stamp, origin FROM kept WHERE key = unhex(?) AND completed
       ORDER BY sequence DESC, stamp DESC, origin DESC LIMIT 1`,
    )
    .get(key) as InvocationOrder | undefined;
  const since = done === undefined ? rows : rows.filter((row) => !isUpTo(row, done));
  return turnsToGoOnFrom(logged(since, read));
}

export function callsPaid(index: IndexDb, key: string, read: ReadLine): readonly PaidCall[] {
  return paidCalls(logged(rowsOf(index, key), read));
}

export function triedItems(index: IndexDb, key: string, read: ReadLine): ReadonlySet<string> {
  return itemsTried(logged(rowsOf(index, key), read));
}

function rowsOf(index: IndexDb, key: string): readonly LoggedSql[] {
  return index
    .statement(
      `SELECT a.file, a.offset, a.length, a.sequence, a.stamp, a.origin, f.path FROM attempts a JOIN files f ON f.id = a.file
       WHERE a.key = ? ORDER BY a.sequence, a.stamp, a.origin, f.path, a.offset`,
    )
    .all(key) as unknown as readonly LoggedSql[];
}

export function triedKeys(index: IndexDb): ReadonlySet<string> {
  const rows = index.statement('SELECT DISTINCT key FROM attempts').all() as { readonly key: string }[];
  return new Set(rows.map(({ key }) => key));
}

type LoggedSql = Place & InvocationOrder & { readonly path: string };

/** Damaged lines are passed over: fsck reports them. */
function* logged(rows: readonly LoggedSql[], read: ReadLine): Generator<Logged> {
  for (const row of rows) {
    const line = read(row);
    if (line.kind === 'err') continue;
    yield { invocation: path.dirname(row.path), line: line.value as unknown as Logged['line'] };
  }
}

/** What an invocation paid, whether or not it came to say so: by its records, and by its log where there is none. */
export function spentBy(index: IndexDb, invocation: InvocationOrder, read: ReadLine): Spent {
  const { sequence, stamp, origin } = invocation;
  let spent = NOTHING_SPENT;
  // Only of a key that is in a log, this one's or an earlier one's, a record may cost other than what was paid for it.
  const plain = index.statement(
    `SELECT count(*) AS calls, coalesce(sum(input_tokens), 0) AS input, coalesce(sum(output_tokens), 0) AS output,
       coalesce(sum(cost_usd), 0) AS cost, coalesce(sum(cost_usd IS NULL), 0) AS unknown FROM records
     WHERE sequence = ?1 AND stamp = ?2 AND origin = ?3 AND key NOT IN
       (SELECT key FROM attempts)`,
  );
  const sums = plain.get(sequence, stamp, origin) as unknown as {
    readonly [name in 'calls' | 'input' | 'output' | 'cost' | 'unknown']: number;
  };
  spent = addSpent(spent, {
    calls: sums.calls,
    usage: {
      input_tokens: sums.input,
      output_tokens: sums.output,
      total_tokens: sums.input + sums.output,
    },
    costUsd: sums.cost,
  });
  if (sums.unknown > 0) spent = addSpent(spent, { calls: 0, usage: null, costUsd: null });
  const recorded = new Set<string>();
  const rows = index.statement(
    `SELECT * FROM records WHERE sequence = ?1 AND stamp = ?2 AND origin = ?3 AND key IN
       (SELECT key FROM attempts)`,
  );
  for (const row of rows.all(sequence, stamp, origin).map(rowFromSql)) {
    recorded.add(row.key);
    spent = addSpent(spent, paidFor(row, read));
  }
  const lines = index.statement(
    'SELECT file, offset, length, key FROM attempts WHERE sequence = ? AND stamp = ? AND origin = ? ORDER BY offset',
  );
  for (const row of lines.all(sequence, stamp, origin) as unknown as readonly LoggedRow[]) {
    const found = read(row);
    if (found.kind === 'err') continue;
    const line = found.value as unknown as Logged['line'];
    if (isCounted(line, recorded)) spent = addSpent(spent, paidIn(line));
  }
  return spent;
}

/** A record says what its invocation paid for it; one that was archived, what it cost. */
function paidFor(row: RecordRow, read: ReadLine): MoreSpent {
  const line = row.archive === null ? read(row) : null;
  if (line?.kind === 'ok') {
    return paidBy(line.value as unknown as KeptResult | ScoreRecord);
  }
  const { inputTokens, outputTokens, costUsd } = row;
  const [input, output] = [inputTokens ?? 0, outputTokens ?? 0];
  return { usage: { input_tokens: input, output_tokens: output, total_tokens: input + output }, costUsd };
}
