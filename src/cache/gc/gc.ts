// gc: records leave the history for an archive, each leaving a tombstone. Nothing is thrown away, whenever it is killed.
//
//   lines and blobs copied to archive/<id>/ -> archive.json -> each history file replaced -> blobs removed
//   killed before archive.json: the history was not touched · after it: every line is in the archive or in both
import path from 'node:path';
import { invocationSequence, makeInvocationId } from '../../core/invocation-id.ts';
import type { ArchiveRecord, KeptResult, Tombstone } from '../../core/record.ts';
import { type Redact, redactFields } from '../../core/redact.ts';
import { archiveBlobs, archiveFolder, archiveNames, copyBlob, isArchivedBlob } from '../disk/archives.ts';
import { blobPath } from '../disk/blobs.ts';
import { StoreError } from '../disk/disk-read.ts';
import { makeFolder, removeAll, replaceFile } from '../disk/durable.ts';
import { type Layout, raiseVersion } from '../disk/layout.ts';
import { FREE_TEXT, openLine, sealLine, sealOf } from '../disk/lines.ts';
import { newOrigin } from '../disk/origin.ts';
import { changedLines } from '../disk/scan.ts';
import type { GcPlan } from './gc-plan.ts';

export type GcInput = {
  readonly layout: Layout;
  readonly plan: GcPlan;
  readonly now: Date;
  readonly argv: readonly string[];
  readonly expgraph: string;
  readonly redact: Redact;
  /** What the archive's name ends in; left out = unlike any other's. */
  readonly origin?: () => string | null;
};

/** Does what the plan says; the lock is held, and the plan is of this very state. @returns the archive's name. */
export function collect(input: GcInput): string {
  const { layout, plan } = input;
  const last = archiveNames(layout).at(-1);
  const number = last === undefined ? 0 : (invocationSequence(last) ?? 0);
  const archive = makeInvocationId(number + 1, input.now, (input.origin ?? newOrigin)());
  raiseVersion(layout);
  makeFolder(archiveFolder(layout, archive));
  for (const [file, offsets] of plan.lines) {
    const target = path.join(archiveFolder(layout, archive), file);
    makeFolder(path.dirname(target));
    replaceFile(target, linesThatGo({ layout, file, offsets }));
  }
  const to = archiveBlobs(layout, archive);
  for (const { sha256 } of plan.copied.values()) copyBlob({ from: layout.blobs, to, sha256 });
  for (const orphan of plan.orphans) {
    if (!isArchivedBlob(layout, orphan)) copyBlob({ from: layout.blobs, to, sha256: orphan.sha256 });
  }
  writeArchive(input, archive);
  for (const [file, offsets] of plan.lines)
    replaceFile(path.join(layout.history, file), linesThatStay({ ...input, archive, file, offsets }));
  for (const ref of plan.removed) {
    if (isArchivedBlob(layout, ref)) removeAll(blobPath(layout.blobs, ref.sha256));
  }
  return archive;
}

type Lines = {
  readonly layout: Layout;
  /** `<invocation>/<file>.jsonl` */
  readonly file: string;
  readonly offsets: ReadonlySet<number>;
};

function linesThatGo({ layout, file, offsets }: Lines): Iterable<Uint8Array> {
  return changedLines(path.join(layout.history, file), (line) => {
    if (line.kind !== 'line' || !offsets.has(line.offset)) return null;
    recordIn(line.bytes, file);
    return line.bytes;
  });
}

function linesThatStay(
  input: Lines & Pick<GcInput, 'now' | 'redact'> & { readonly archive: string },
): Iterable<Uint8Array> {
  const { layout, file, offsets, redact } = input;
  return changedLines(path.join(layout.history, file), (line) => {
    // What a killed run left was moved to quarantine/ when the store was opened.
    if (line.kind !== 'line') throw new StoreError(`${file} grew during gc`);
    if (!offsets.has(line.offset)) return line.bytes;
    const { record, n } = recordIn(line.bytes, file);
    return sealLine(tombstoneOf({ ...input, record, bytes: line.bytes }), { n, redact }).subarray(0, -1);
  });
}

/** Only a whole record may be archived; anything else at its place means that the plan is of another state. */
function recordIn(bytes: Uint8Array, file: string): { readonly record: KeptResult; readonly n: number } {
  const opened = openLine(bytes);
  if (opened.kind !== 'whole' || opened.data.type !== 'scenario_result') {
    throw new StoreError(`${file} changed during gc: it is left as it is`);
  }
  return { record: opened.data as unknown as KeptResult, n: opened.n };
}

function tombstoneOf(input: {
  readonly record: KeptResult;
  readonly bytes: Uint8Array;
  readonly archive: string;
  readonly now: Date;
}): Omit<Tombstone, 'n' | 'c'> {
  const { record, bytes } = input;
  return {
    type: 'tombstone',
    v: 1,
    key: record.key,
    generation: record.generation ?? 1,
    experiment: record.experiment,
    invocation: record.invocation,
    variant: record.variant,
    scenario: record.scenario,
    category: record.category,
    run: record.run,
    status: record.status,
    output_digest: record.output_digest,
    usage: record.usage,
    cost_usd: record.cost_usd,
    latency_ms: record.status === 'completed' ? (record.attempts.at(-1)?.duration_ms ?? null) : null,
    served_model: record.served_model,
    started_at: record.started_at,
    attempts: record.attempts.length,
    parts: record.parts,
    archived_at: input.now.toISOString(),
    archive: input.archive,
    record_bytes: bytes.length,
    record_c: sealOf(bytes),
  };
}

function writeArchive(input: GcInput, archive: string): void {
  const { layout, plan } = input;
  const sum = (of: (group: GcPlan['groups'][number]) => number): number =>
    plan.groups.reduce((total, group) => total + of(group), 0);
  const record: ArchiveRecord = {
    type: 'archive',
    v: 1,
    archive,
    archived_at: input.now.toISOString(),
    argv: [...input.argv],
    records: sum(({ records }) => records),
    bytes: sum(({ bytes }) => bytes),
    blobs: plan.removed.length,
    expgraph: input.expgraph,
  };
  const safe = redactFields(record, { fields: FREE_TEXT, redact: input.redact });
  replaceFile(path.join(archiveFolder(layout, archive), 'archive.json'), [
    `${JSON.stringify(safe, null, 1)}\n`,
  ]);
}
