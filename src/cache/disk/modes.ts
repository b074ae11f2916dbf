// Who may read and write what is kept. Prompts, answers and traces are nobody's but the user's: whatever the umask says,
// files are made 0600 and folders 0700; where a manifest shares its artifacts with a group, 0660 and 2770.
import { chmodSync, fchmodSync, fstatSync } from 'node:fs';

export type Sharing = 'private' | 'group';
export type Modes = { readonly file: number; readonly folder: number };

// The group of a shared folder is that of all that is made in it, whoever makes it (set-group-ID).
const MODES: { readonly [sharing in Sharing]: Modes } = {
  private: { file: 0o600, folder: 0o700 },
  group: { file: 0o660, folder: 0o2770 },
};

/** A process works for one experiment. Until its manifest is read, nothing is shared. */
let modes = MODES.private;

/** From now on, for this process. */
export function shareArtifacts(sharing: Sharing): void {
  modes = MODES[sharing];
}

export function modesNow(): Modes {
  return modes;
}

/** A new file of ours that is open: the umask has had its say by now, and counts for nothing. */
export function settleFile(fd: number): void {
  if (process.platform === 'win32' || (fstatSync(fd).mode & 0o777) === modes.file) return;
  quietly(() => fchmodSync(fd, modes.file));
}

export function settleFolder(folder: string): void {
  if (process.platform !== 'win32') quietly(() => chmodSync(folder, modes.folder));
}

/** Some file systems know no modes, and some files are another's. */
function quietly(action: () => void): void {
  try {
    action();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EINVAL' && code !== 'ENOSYS') throw cause;
  }
}
