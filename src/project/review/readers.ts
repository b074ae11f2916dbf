// Who reads a review, in the order in which they began: whose share of the cards is whose follows from it, so it is kept before
// anybody is shown a card, and never changes.
import path from 'node:path';
import { whileLocked } from '../../cache/disk/brief-lock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ProtocolFile } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { ReviewPaths } from './files.ts';
import { readSaid } from './read-said.ts';
import { verdictFile } from './reviewer.ts';
import { writeProtocol } from './write-files.ts';

/**
 * The protocol in which this reader has a place. Written only where he has none yet.
 * @param reviewer as `reviewerName` gives it @returns err: what is wrong in words, and what to do
 */
export function joinReaders(paths: ReviewPaths, reviewer: string): Result<ProtocolFile, string> {
  const known = readSaid(paths);
  if (known.kind === 'err' || known.value.readers.includes(reviewer)) return known;
  return whileProtocolIsOurs(paths, () => {
    const protocol = readSaid(paths);
    if (protocol.kind === 'err' || protocol.value.readers.includes(reviewer)) return protocol;
    const file = verdictFile(paths.folder, reviewer);
    const same = protocol.value.readers.find((other) => verdictFile(paths.folder, other) === file);
    if (same !== undefined)
      return err(
        `${sanitizeLine(same)} reads review ${paths.id} already, and the files of the two names would be one: go on as --reviewer ${JSON.stringify(same)}, or choose a name that is more different`,
      );
    const joined = { ...protocol.value, readers: [...protocol.value.readers, reviewer] };
    writeProtocol(paths, joined);
    return ok(joined);
  });
}

/** Who writes into a protocol holds the lock of all reviews of the experiment: `unblind` takes the same. */
export function whileProtocolIsOurs<Value>(paths: ReviewPaths, action: () => Value): Value {
  return whileLocked(path.join(path.dirname(paths.folder), 'lock.db'), action);
}

/** His place among the readers, from 1; of one who has none yet the next one that is free. */
export function seatOf({ readers }: Pick<ProtocolFile, 'readers'>, reviewer: string): number {
  const at = readers.indexOf(reviewer);
  return (at < 0 ? readers.length : at) + 1;
}
