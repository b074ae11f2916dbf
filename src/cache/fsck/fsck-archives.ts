// Checks archive/: every line and blob there, and that each tombstone's record is where it says.
import path from 'node:path';
import { archiveBlobs, archivedFiles, archiveFolder, archiveNames, readArchive } from '../disk/archives.ts';
import { blobPath, blobsIn, digestOfFileNow } from '../disk/blobs.ts';
import { namedBlobs } from '../disk/bodies.ts';
import { fileState } from '../disk/disk-read.ts';
import type { Layout } from '../disk/layout.ts';
import { openLine, sealOf } from '../disk/lines.ts';
import { scanLines } from '../disk/scan.ts';
import type { Finding } from './finding.ts';

/** The code of an archive that nothing points to and that is not whole. */
export const UNFINISHED = 'archive-unfinished';

/** A tombstone, and the checksum that its record's line has. */
export type NamedTombstone = {
  readonly file: string;
  readonly line: number;
  readonly archive: string;
  readonly seal: string;
  readonly key: string;
};

export function checkArchives(layout: Layout, tombstones: readonly NamedTombstone[]): readonly Finding[] {
  const findings: Finding[] = [];
  const seals = new Map<string, ReadonlySet<string>>();
  const named = new Set(tombstones.map(({ archive }) => archive));
  for (const name of archiveNames(layout)) {
    const found = { file: archiveFolder(layout, name), line: null } as const;
    const isWhole = readArchive(layout, name) !== null;
    if (!isWhole && !named.has(name)) {
      // Half made: what is missing in it is still in the history.
      const message =
        'is not whole: gc was killed before it touched the history; npx expgraph fsck --repair sets it aside';
      findings.push({ ...found, severity: 'note', code: UNFINISHED, message });
      continue;
    }
    if (!isWhole) {
      const message = 'has lost its archive.json; its records can be restored';
      findings.push({ ...found, severity: 'damage', code: 'archive-damaged', message });
    }
    const checked = checkArchive(layout, name);
    seals.set(name, checked.seals);
    findings.push(...checked.findings);
  }
  const gone = new Set<string>();
  for (const { file, line, archive, seal, key } of tombstones) {
    const held = seals.get(archive);
    if (!held) gone.add(archive);
    if (!held || held.has(seal)) continue;
    const message = `its record (key ${key}) is not in archive/${archive}`;
    findings.push({ severity: 'damage', code: 'archived-record-missing', file, line, message });
  }
  for (const name of [...gone].sort()) {
    const message =
      'is not here: it is on another machine, or was moved or removed by hand; its records cannot be restored';
    const file = path.join(layout.archive, path.basename(name));
    findings.push({ severity: 'note', code: 'archive-gone', file, line: null, message });
  }
  return findings;
}

function checkArchive(
  layout: Layout,
  name: string,
): { readonly seals: ReadonlySet<string>; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const seals = new Set<string>();
  const blobs = archiveBlobs(layout, name);
  for (const entry of archivedFiles(layout, name)) {
    const file = path.join(archiveFolder(layout, name), entry);
    let number = 0;
    for (const line of scanLines(file)) {
      number++;
      const found = { severity: 'damage', file, line: number } as const;
      const opened = line.kind === 'line' ? openLine(line.bytes) : null;
      if (opened?.kind !== 'whole' || line.kind !== 'line') {
        const message = opened?.kind === 'damaged' ? opened.why : 'is cut off';
        findings.push({
          ...found,
          code: 'archive-damaged-line',
          message: `${message}: it cannot be restored`,
        });
        continue;
      }
      seals.add(sealOf(line.bytes));
      for (const ref of namedBlobs(opened.data)) {
        if (fileState(blobPath(blobs, ref.sha256))?.size === ref.bytes) continue;
        const message = `its blob ${ref.sha256} is not in the archive`;
        findings.push({ ...found, code: 'archive-blob-missing', message });
      }
    }
  }
  for (const { sha256, file } of blobsIn(blobs)) {
    if (digestOfFileNow(file) === sha256) continue;
    const message = 'does not fit its name';
    findings.push({ severity: 'damage', code: 'archive-blob-damaged', file, line: null, message });
  }
  return { seals, findings };
}
