// Who reads a review, in the order in which they began: it decides whose share is whose, so it is written before a card is shown.
import path from 'node:path';
import { whileLocked } from '../../cache/disk/brief-lock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ProtocolFile } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type ReviewPaths, reviewsFolder } from './files.ts';
import { readSaid } from './read-said.ts';
import { verdictFile } from './reviewer.ts';
import { writeProtocol } from './write-files.ts';

/** @param input.reviewer as `reviewerName` gives it @returns the protocol with him in it */
export function joinReaders(
  root: string,
  { paths, reviewer }: { readonly paths: ReviewPaths; readonly reviewer: string },
): Result<ProtocolFile, string> {
  const known = readSaid(paths);
  if (known.kind === 'err' || known.value.readers.includes(reviewer)) return known;
  // The lock of all that is written into protocols.
  return whileLocked(path.join(reviewsFolder(root), 'lock.db'), () => {
    const read = readSaid(paths);
    if (read.kind === 'err' || read.value.readers.includes(reviewer)) return read;
    const { readers } = read.value;
    const file = verdictFile(paths.folder, reviewer);
    const same = readers.find((other) => verdictFile(paths.folder, other) === file);
    if (same !== undefined)
      return err(
        `${sanitizeLine(same)} reads review ${paths.id} already, and the files of the two names would be one: go on as --reviewer ${JSON.stringify(same)}, or choose a name that is more different`,
      );
    const protocol = { ...read.value, readers: [...readers, reviewer] };
    writeProtocol(paths, protocol);
    return ok(protocol);
  });
}
