// Checks index.db: it must say what an index made from the history alone would say.
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import { fileState } from '../disk/disk-read.ts';
import { historyFiles, invocationFolders, type Layout } from '../disk/layout.ts';
import { catchUp } from '../index/catch-up.ts';
import { isHeadTableTrue } from '../index/head-table.ts';
import { type IndexDb, openIndexDb, openIndexForReading, type Unused, unused } from '../index/index-db.ts';
import type { Finding } from './finding.ts';

/** Rows as they would be rebuilt, without ids and file numbers: these depend on the order of reading. */
const COMPARED = `SELECT r.key, r.own_key, r.unadopted, r.generation, r.sequence, r.stamp, r.origin, r.archive, r.variant, r.scenario, r.run, r.status, f.path, r.offset,
  r.length, r.output_digest, r.tested, r.ending, r.latency_ms, r.input_tokens, r.output_tokens, r.cost_usd, r.attempts
  FROM records r JOIN files f ON f.id = r.file ORDER BY f.path, r.offset`;

const LOGGED = `SELECT a.key, a.sequence, a.stamp, a.origin, a.offset, a.length, f.path FROM attempts a JOIN files f ON f.id = a.file
  ORDER BY f.path, a.offset`;

export function checkIndex(layout: Layout): readonly Finding[] {
  const found = { severity: 'derived', file: layout.index, line: null } as const;
  const opened = openIndexForReading(layout.index);
  if (opened.kind === 'err')
    return invocationFolders(layout).length === 0 ? [] : [unusedFinding(found, opened.error)];
  const index = opened.value;
  const fresh = openIndexDb(':memory:');
  try {
    // The state of the index is held first, the files are read then: a run that goes on can only make it behind.
    index.database.exec('BEGIN');
    index.statement('SELECT count(*) FROM files').get();
    catchUp({ index: fresh, layout, role: 'reader' });
    if (isBehind(index, layout)) {
      const message =
        'is behind the history: a run is going on or was killed; the next run brings it up to date';
      return [{ ...found, severity: 'note', code: 'index-behind', message }];
    }
    if (rowsDigest(fresh) === rowsDigest(index) && isHeadTableTrue(index)) return [];
    const message = 'does not say what the history says; npx expgraph reindex rebuilds it';
    return [{ ...found, code: 'index-differs', message }];
  } catch (cause) {
    return [unusedFinding(found, unused(cause))];
  } finally {
    fresh[Symbol.dispose]();
    index[Symbol.dispose]();
  }
}

/** What stands in the way of looking is no damage. */
function unusedFinding(
  found: Pick<Finding, 'file' | 'line'> & { readonly severity: 'derived' },
  { kind, why, hint }: Unused,
): Finding {
  const message = `${why}; ${hint}`;
  if (kind === 'missing') return { ...found, code: 'index-missing', message };
  if (kind === 'other') return { ...found, code: 'index-damaged', message };
  return {
    ...found,
    severity: 'note',
    code: 'index-unchecked',
    message: `${why}, and was not checked; ${hint}`,
  };
}

function rowsDigest(index: IndexDb): string {
  let digest = '';
  for (const row of index.statement(COMPARED).iterate()) digest = sha256(`${digest}${JSON.stringify(row)}`);
  for (const row of index.statement(LOGGED).iterate()) digest = sha256(`${digest}${JSON.stringify(row)}`);
  return digest;
}

/** A run is going on, or was killed: the index is behind the files, which is what it may be. */
function isBehind(index: IndexDb, layout: Layout): boolean {
  const known = new Map(
    index
      .statement('SELECT path, size FROM files')
      .all()
      .map((row) => [row.path as string, row.size as number]),
  );
  return historyFiles(layout).some(({ path: name }) => {
    const size = fileState(path.join(layout.history, name))?.size ?? 0;
    return size > (known.get(name) ?? 0);
  });
}
