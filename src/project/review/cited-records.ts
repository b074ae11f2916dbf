// Which records reviews are about, open or closed: gc leaves them in the history, so that what was judged can be shown.
import { readText } from '../../cache/disk/disk-read.ts';
import { readSealedKey } from '../../review/read-lines.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import { listReviews } from './files.ts';

/**
 * `key@generation`, each as the record's own line has it. Nobody is told whose they are.
 * @throws CommandError where a key cannot be read: then nobody knows what must stay
 */
export function citedRecords(root: string): ReadonlySet<string> {
  const cited = new Set<string>();
  for (const { paths } of listReviews(root)) {
    const text = readText(paths.key);
    const read = text === null ? null : readSealedKey(text);
    if (read?.kind !== 'ok')
      throw new CommandError(
        `the key of review ${paths.id} cannot be read, so nobody knows which records it is about: "npx expgraph fsck" says more`,
        EXIT.store,
      );
    for (const { cells } of Object.values(read.value.cards).flat())
      for (const { key, generation } of cells) cited.add(`${key}@${generation}`);
  }
  return cited;
}
