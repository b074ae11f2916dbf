// gc --restore: an archive's lines go back to where their tombstones stand, byte for byte.
import path from 'node:path';
import type { Tombstone } from '../../core/record.ts';
import { archiveBlobs, archivedFiles, archiveFolder, copyBlob } from '../disk/archives.ts';
import { blobsIn, digestOfFileNow } from '../disk/blobs.ts';
import { fileState } from '../disk/disk-read.ts';
import { removeAll, replaceFile } from '../disk/durable.ts';
import type { Layout } from '../disk/layout.ts';
import { openLine, sealOf } from '../disk/lines.ts';
import { changedLines, scanLines } from '../disk/scan.ts';
import { openSlices } from '../disk/slices.ts';

export type Restored = {
  readonly records: number;
  /** What could not go back, each with its file; the archive is then kept. */
  readonly problems: readonly string[];
};

/** The lock is held. A second call after a crash finishes; an archive that went back whole is removed. */
export function restoreArchive(layout: Layout, archive: string): Restored {
  const problems: string[] = [];
  const from = archiveBlobs(layout, archive);
  // Blobs before the lines that name them, as everywhere.
  for (const { sha256, file } of blobsIn(from)) {
    if (digestOfFileNow(file) === sha256) copyBlob({ from, to: layout.blobs, sha256 });
    else problems.push(`${file} does not fit its name`);
  }
  let records = 0;
  for (const file of archivedFiles(layout, archive)) {
    const back = restoreFile({ layout, archive, file });
    records += back.records;
    problems.push(...back.problems);
  }
  if (problems.length === 0) {
    // Without archive.json it counts as unfinished: a crash from here on leaves only what fsck --repair sets aside.
    removeAll(path.join(archiveFolder(layout, archive), 'archive.json'));
    removeAll(archiveFolder(layout, archive));
  }
  return { records, problems };
}

type Place = { readonly offset: number; readonly length: number; readonly seal: string };

function restoreFile(input: {
  readonly layout: Layout;
  readonly archive: string;
  readonly file: string;
}): Restored {
  const source = path.join(archiveFolder(input.layout, input.archive), input.file);
  const target = path.join(input.layout.history, input.file);
  const { places, problems } = placesIn(source);
  if (fileState(target) === null) {
    return { records: 0, problems: [...problems, `${target} is not there: nothing can go back to it`] };
  }
  const wanted = new Set(places.keys());
  const returning = new Set<number>();
  for (const line of scanLines(target)) {
    const opened = line.kind === 'line' ? openLine(line.bytes) : null;
    if (opened?.kind !== 'whole' || line.kind !== 'line') continue;
    const place = places.get(opened.n);
    if (!place) continue;
    const { type, record_c: seal } = opened.data as Partial<Tombstone>;
    // Also one that names another archive: two machines archived the record, and their stores were united.
    if (type === 'tombstone' && seal === place.seal) returning.add(opened.n);
    // Back already: an earlier restore, or a gc that was killed before this file's turn.
    else if (sealOf(line.bytes) !== place.seal) continue;
    wanted.delete(opened.n);
  }
  for (const n of wanted) problems.push(`${target}: line ${n} is not the tombstone of its record`);
  if (returning.size > 0) {
    using slices = openSlices();
    const lines = changedLines(target, (line) => {
      if (line.kind !== 'line') return null;
      const opened = openLine(line.bytes);
      const n = opened.kind === 'whole' ? opened.n : 0;
      return (returning.has(n) ? slices.read(source, places.get(n)!) : null) ?? line.bytes;
    });
    replaceFile(target, lines);
  }
  return { records: returning.size, problems };
}

/** Whole lines of an archived file by their number. */
function placesIn(file: string): { readonly places: Map<number, Place>; readonly problems: string[] } {
  const places = new Map<number, Place>();
  const problems: string[] = [];
  for (const line of scanLines(file)) {
    const opened = line.kind === 'line' ? openLine(line.bytes) : null;
    if (opened?.kind !== 'whole' || line.kind !== 'line') {
      problems.push(`${file}: the line at byte ${line.offset} is damaged`);
      continue;
    }
    const { offset, bytes } = line;
    places.set(opened.n, { offset, length: bytes.length, seal: sealOf(bytes) });
  }
  return { places, problems };
}
