// archive/<id>/: records that gc took out of the history, line by line and byte for byte, and their blobs.
import path from 'node:path';
import { compareNames, isInvocationId } from '../../core/invocation-id.ts';
import type { ArchiveRecord } from '../../core/record.ts';
import { blobPath } from './blobs.ts';
import type { BlobRef } from './bodies.ts';
import { fileState, readFolder, readText } from './disk-read.ts';
import { duplicateFile, makeFolder } from './durable.ts';
import type { Layout } from './layout.ts';

/** Names of the archives, the oldest first; anything else in archive/ is not ours. */
export function archiveNames(layout: Layout): readonly string[] {
  return readFolder(layout.archive)
    .filter((name) => isInvocationId(name))
    .sort(compareNames);
}

export function archiveFolder(layout: Layout, name: string): string {
  return path.join(layout.archive, name);
}

export function archiveBlobs(layout: Layout, name: string): string {
  return path.join(layout.archive, name, 'blobs', 'sha256');
}

/** null where gc was killed before the archive was whole: then the history was not touched. */
export function readArchive(layout: Layout, name: string): ArchiveRecord | null {
  try {
    const text = readText(path.join(archiveFolder(layout, name), 'archive.json'));
    const data = text === null ? null : (JSON.parse(text) as ArchiveRecord);
    return data?.type === 'archive' ? data : null;
  } catch {
    return null;
  }
}

/** `<invocation>/<file>.jsonl` of an archive. */
export function archivedFiles(layout: Layout, name: string): readonly string[] {
  const folder = archiveFolder(layout, name);
  return readFolder(folder)
    .filter((entry) => isInvocationId(entry))
    .sort()
    .flatMap((entry) =>
      readFolder(path.join(folder, entry))
        .filter((file) => file.endsWith('.jsonl'))
        .sort()
        .map((file) => `${entry}/${file}`),
    );
}

/** Puts a blob of one folder into another as well; nothing to do where it is there. */
export function copyBlob(input: {
  readonly from: string;
  readonly to: string;
  readonly sha256: string;
}): void {
  const source = blobPath(input.from, input.sha256);
  const target = blobPath(input.to, input.sha256);
  if (fileState(target)?.size === fileState(source)?.size) return;
  makeFolder(path.dirname(target));
  duplicateFile(source, target);
}

/** True where an archive has the blob already: a gc that was killed had got so far. */
export function isArchivedBlob(layout: Layout, ref: BlobRef): boolean {
  return archiveNames(layout).some(
    (name) => fileState(blobPath(archiveBlobs(layout, name), ref.sha256))?.size === ref.bytes,
  );
}
