// Checks a store from the ground: every line, every number, every key, the index and the view. Writes nothing.
import path from 'node:path';
import { digestOf, sha256 } from '../core/canonical.ts';
import type { PartLine, ScenarioResult } from '../core/record.ts';
import { catchUp } from './catch-up.ts';
import { fileState, readFolder, readText } from './durable.ts';
import type { Finding } from './finding.ts';
import { checkView } from './fsck-view.ts';
import { type IndexDb, openIndexDb, openIndexForReading } from './index-db.ts';
import { checkVersion, historyFiles, invocationFolders, type Layout, layoutOf } from './layout.ts';
import { openLine } from './lines.ts';
import { scanLines } from './scan.ts';
import type { ViewCell } from './store.ts';

export type { Finding } from './finding.ts';

export type FsckReport = {
  readonly findings: readonly Finding[];
  readonly checked: { readonly files: number; readonly records: number; readonly parts: number };
};

export type FsckInput = {
  readonly root: string;
  /** Today's cells, to check the view; null where the manifest cannot be read. */
  readonly cells: Iterable<ViewCell> | null;
  /** The planner's own function: keys must recompute to themselves. */
  readonly keyOf: (record: ScenarioResult) => string;
};

export function fsck(input: FsckInput): FsckReport {
  const layout = layoutOf(input.root);
  checkVersion(layout);
  const findings: Finding[] = [];
  const checked = { files: 0, records: 0, parts: 0 };
  const partsNamed = new Map<string, { readonly file: string; readonly line: number }>();
  const partsHeld = new Set<string>();
  for (const file of historyFiles(layout)) {
    checked.files++;
    checkFile({ input, layout, path: file.path, findings, checked, partsNamed, partsHeld });
  }
  const isMissing = (): boolean => [...partsNamed.keys()].some((digest) => !partsHeld.has(digest));
  // A run that goes on has added parts after their file was read, and records that name them before theirs was.
  if (isMissing()) for (const digest of partsNow(layout)) partsHeld.add(digest);
  for (const [digest, place] of partsNamed) {
    if (partsHeld.has(digest)) continue;
    findings.push({
      severity: 'damage',
      code: 'part-missing',
      ...place,
      message: `the content behind part ${digest} is not in the history: a change of it cannot be explained`,
    });
  }
  findings.push(...checkInvocations(layout), ...checkIndex(layout), ...checkView(input.cells, layout));
  return { findings, checked };
}

function checkFile(at: {
  readonly input: FsckInput;
  readonly layout: Layout;
  readonly path: string;
  readonly findings: Finding[];
  readonly checked: { records: number; parts: number };
  readonly partsNamed: Map<string, { readonly file: string; readonly line: number }>;
  readonly partsHeld: Set<string>;
}): void {
  const file = path.join(at.layout.history, at.path);
  const add = (line: number, found: Pick<Finding, 'severity' | 'code' | 'message'>): void => {
    at.findings.push({ ...found, file, line });
  };
  let n = 0;
  let afterDamage = false;
  for (const line of scanLines(file)) {
    if (line.kind === 'torn-tail') {
      const message = `ends in an unfinished line of ${line.length} bytes: a run is going on, or was killed; the next run moves it to quarantine/`;
      add(n + 1, { severity: 'note', code: 'torn-tail', message });
      break;
    }
    n++;
    const opened = openLine(line.bytes);
    if (opened.kind === 'damaged') {
      const key = /"key":"([0-9a-f]{64})"/.exec(Buffer.from(line.bytes).toString('latin1'))?.[1];
      const message = `${opened.why}${key ? ` (key ${key})` : ''}: it is left and never used`;
      add(n, { severity: 'damage', code: 'damaged-line', message });
      afterDamage = true;
      continue;
    }
    // A line end that came into being inside of a damaged line makes two of one: no line is lost by that.
    if (opened.n > n || (opened.n < n && !afterDamage)) {
      const lost = opened.n > n ? `${opened.n - n} lines before it are lost` : `it should be ${n}`;
      add(n, { severity: 'damage', code: 'gap', message: `has number ${opened.n}: ${lost}` });
    }
    n = opened.n;
    afterDamage = false;
    if (opened.data.type === 'part') {
      at.checked.parts++;
      const part = opened.data as unknown as PartLine;
      at.partsHeld.add(part.digest);
      if (!part.redacted && digestOf(part.content) !== part.digest) {
        add(n, { severity: 'damage', code: 'part-digest', message: 'its content does not give its digest' });
      }
    } else if (opened.data.type === 'scenario_result') {
      at.checked.records++;
      const record = opened.data as unknown as ScenarioResult;
      for (const digest of Object.values(record.parts)) {
        if (!at.partsNamed.has(digest)) at.partsNamed.set(digest, { file, line: n });
      }
      if (at.input.keyOf(record) !== record.key) {
        add(n, {
          severity: 'damage',
          code: 'key',
          message: `its parts and run do not give its key ${record.key}`,
        });
      }
    }
  }
}

function* partsNow(layout: Layout): Generator<string> {
  for (const file of historyFiles(layout)) {
    if (path.basename(file.path) !== 'parts.jsonl') continue;
    for (const line of scanLines(path.join(layout.history, file.path))) {
      const opened = line.kind === 'line' ? openLine(line.bytes) : null;
      if (opened?.kind === 'whole') yield String(opened.data.digest);
    }
  }
}

function checkInvocations(layout: Layout): readonly Finding[] {
  return invocationFolders(layout).flatMap(({ name }): readonly Finding[] => {
    const file = path.join(layout.history, name, 'invocation.json');
    const found = { file, line: null };
    const text = readText(file);
    if (text === null) {
      if (!readFolder(path.dirname(file)).some((entry) => entry.endsWith('.jsonl'))) {
        const message = 'was killed as it began: it holds no record, nothing is lost';
        return [{ ...found, severity: 'note', code: 'unfinished-invocation', message }];
      }
      return [{ ...found, severity: 'damage', code: 'invocation-missing', message: 'cannot be read' }];
    }
    try {
      const how = (JSON.parse(text) as { how?: unknown }).how;
      if (how !== 'running') return [];
    } catch {
      return [{ ...found, severity: 'damage', code: 'invocation-damaged', message: 'is not JSON' }];
    }
    const message = 'says that the invocation is running: it is, or it was killed; its records count';
    return [{ ...found, severity: 'note', code: 'unfinished-invocation', message }];
  });
}

/** Rows as they would be rebuilt, without ids and file numbers: these depend on the order of reading. */
const COMPARED = `SELECT r.id, r.key, r.generation, r.sequence, r.variant, r.scenario, r.run, r.status, f.path, r.offset,
  r.length, r.output_digest, r.latency_ms, r.input_tokens, r.output_tokens, r.cost_usd, r.attempts
  FROM records r JOIN files f ON f.id = r.file ORDER BY f.path, r.offset`;

function checkIndex(layout: Layout): readonly Finding[] {
  const found = { severity: 'derived', file: layout.index, line: null } as const;
  const index = openIndexForReading(layout.index);
  if (!index) {
    if (invocationFolders(layout).length === 0) return [];
    const message = 'is missing or cannot be read; the next run rebuilds it (or: expgraph reindex)';
    return [{ ...found, code: 'index-missing', message }];
  }
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
    if (rowsDigest(fresh) === rowsDigest(index)) return [];
    const message = 'does not say what the history says; expgraph reindex rebuilds it';
    return [{ ...found, code: 'index-differs', message }];
  } catch (cause) {
    const message = `cannot be read (${(cause as Error).message}); expgraph reindex rebuilds it`;
    return [{ ...found, code: 'index-damaged', message }];
  } finally {
    fresh[Symbol.dispose]();
    index[Symbol.dispose]();
  }
}

function rowsDigest(index: IndexDb): string {
  const ids = (table: string): Set<unknown> =>
    new Set(
      index
        .statement(`SELECT id FROM ${table}`)
        .all()
        .map((row) => row.id),
    );
  const ofKey = ids('key_heads');
  const ofCell = ids('cell_heads');
  let digest = '';
  for (const { id, ...row } of index.statement(COMPARED).iterate()) {
    digest = sha256(`${digest}${JSON.stringify(row)}${ofKey.has(id)}${ofCell.has(id)}`);
  }
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
