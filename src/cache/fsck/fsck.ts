// Checks a store from the ground: every line, every number, every key, the index and the view. Writes nothing.
import path from 'node:path';
import { digestOf } from '../../core/canonical.ts';
import type { AnyRecord, KeptResult, PartLine, Tombstone } from '../../core/record.ts';
import { blobRefOf, namedBlobs } from '../disk/bodies.ts';
import { readFolder, readText } from '../disk/disk-read.ts';
import {
  checkVersion,
  historyFiles,
  invocationFolders,
  type Layout,
  layoutOf,
  PARTS,
  type RecordKind,
} from '../disk/layout.ts';
import { leftovers } from '../disk/leftovers.ts';
import { openLine } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';
import type { ViewCell } from '../store.ts';
import type { Finding } from './finding.ts';
import { checkArchives, type NamedTombstone } from './fsck-archives.ts';
import { checkBatches } from './fsck-batches.ts';
import { checkBlobs, type NamedBlob } from './fsck-blobs.ts';
import { checkIndex } from './fsck-index.ts';
import { checkModes } from './fsck-modes.ts';
import { checkView } from './fsck-view.ts';

export type { Finding } from './finding.ts';

export type FsckReport = {
  readonly findings: readonly Finding[];
  readonly checked: {
    readonly files: number;
    readonly records: number;
    readonly parts: number;
    readonly blobs: number;
    readonly archived: number;
  };
};

export type FsckInput = {
  readonly root: string;
  /** Today's cells, to check the view; null where the manifest cannot be read. */
  readonly cells: Iterable<ViewCell> | null;
  /** The planner's own function: keys must recompute to themselves. */
  keyOf(record: AnyRecord): string;
  /** Draws where this is missing. */
  readonly kind?: RecordKind;
};

export function fsck(input: FsckInput): FsckReport {
  const layout = layoutOf(input.root, input.kind);
  checkVersion(layout);
  const findings: Finding[] = [];
  const checked = { files: 0, records: 0, parts: 0, blobs: 0, archived: 0 };
  const named: Named = { parts: new Map(), blobs: [], tombstones: [] };
  const partsHeld = new Set<string>();
  for (const file of historyFiles(layout)) {
    checked.files++;
    checkFile({ input, layout, path: file.path, findings, checked, named, partsHeld });
  }
  const isMissing = (): boolean => [...named.parts.keys()].some((digest) => !partsHeld.has(digest));
  // A run that goes on has added parts after their file was read, and records that name them before theirs was.
  if (isMissing()) for (const digest of partsNow(layout)) partsHeld.add(digest);
  for (const [digest, place] of named.parts) {
    if (partsHeld.has(digest)) continue;
    findings.push({
      severity: 'damage',
      code: 'part-missing',
      ...place,
      message: `the content behind part ${digest} is not in the history: a change of it cannot be explained`,
    });
  }
  const blobs = checkBlobs(layout, named.blobs);
  const archives = checkArchives(layout, named.tombstones);
  checked.blobs = blobs.checked;
  checked.archived = named.tombstones.length;
  findings.push(...blobs.findings, ...archives, ...checkInvocations(layout), ...checkIndex(layout));
  if (layout.kind === 'scenario_result') findings.push(...checkView(input.cells, layout));
  if (layout.kind === 'scenario_result') findings.push(...checkBatches(layout.root));
  findings.push(...checkLeftovers(layout));
  // Scores stand in the folder of their draws.
  if (layout.kind === 'scenario_result') findings.push(...checkModes(layout.root));
  return { findings, checked };
}

type PlaceInFile = { readonly file: string; readonly line: number };

/** What lines name that stands elsewhere. */
type Named = {
  readonly parts: Map<string, PlaceInFile>;
  readonly blobs: NamedBlob[];
  readonly tombstones: NamedTombstone[];
};

function checkFile(context: {
  readonly input: FsckInput;
  readonly layout: Layout;
  readonly path: string;
  readonly findings: Finding[];
  readonly checked: { records: number; parts: number };
  readonly named: Named;
  readonly partsHeld: Set<string>;
}): void {
  const file = path.join(context.layout.history, context.path);
  const add = (line: number, found: Pick<Finding, 'severity' | 'code' | 'message'>): void => {
    context.findings.push({ ...found, file, line });
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
    if (opened.data.v !== 1) {
      const message = `is of version ${JSON.stringify(opened.data.v)?.slice(0, 40)} and passed over: update expgraph`;
      add(n, { severity: 'note', code: 'newer-line', message });
      continue;
    }
    const wrong = checkLine({ ...context, data: opened.data, place: { file, line: n } });
    if (wrong) add(n, { severity: 'damage', ...wrong });
  }
}

function* partsNow(layout: Layout): Generator<string> {
  for (const file of historyFiles(layout)) {
    if (path.basename(file.path) !== PARTS) continue;
    for (const line of scanLines(path.join(layout.history, file.path))) {
      const opened = line.kind === 'line' ? openLine(line.bytes) : null;
      if (opened?.kind === 'whole') yield String(opened.data.digest);
    }
  }
}

/** One whole line: what it names is noted, what it says of itself is checked. */
function checkLine(context: {
  readonly input: FsckInput;
  readonly checked: { records: number; parts: number };
  readonly named: Named;
  readonly partsHeld: Set<string>;
  readonly data: Record<string, unknown>;
  readonly place: PlaceInFile;
}): Pick<Finding, 'code' | 'message'> | null {
  const { data, place, named } = context;
  const key = typeof data.key === 'string' ? data.key : null;
  for (const ref of namedBlobs(data)) named.blobs.push({ ...place, ...ref, key });
  if (data.type === 'part') {
    context.checked.parts++;
    const part = data as unknown as PartLine;
    context.partsHeld.add(part.digest);
    // A blob's own digest is checked with the blobs; of its content nothing more is asked.
    if (part.redacted || blobRefOf(part.content) || digestOf(part.content) === part.digest) return null;
    return { code: 'part-digest', message: 'its content does not give its digest' };
  }
  if (data.type !== (context.input.kind ?? 'scenario_result') && data.type !== 'tombstone') return null;
  const record = data as unknown as KeptResult | Tombstone;
  for (const digest of Object.values(record.parts ?? {})) {
    if (!named.parts.has(digest)) named.parts.set(digest, place);
  }
  if (record.type === 'tombstone') {
    named.tombstones.push({ ...place, archive: record.archive, seal: record.record_c, key: record.key });
  } else {
    context.checked.records++;
  }
  // Parts and run are all that a key is made of: a tombstone has both.
  if (context.input.keyOf(record as unknown as AnyRecord) === record.key) return null;
  return { code: 'key', message: `its parts and run do not give its key ${record.key}` };
}

function checkLeftovers(layout: Layout): readonly Finding[] {
  return leftovers(layout).map((file) => ({
    severity: 'note',
    code: 'left-over',
    file,
    line: null,
    message:
      'was left half made by a killed command, or is being made; npx expgraph fsck --repair removes it',
  }));
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
