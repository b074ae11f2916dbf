// Names are ours, and checked all the same: one that led out of the remote would be a mistake of this program.
import { isRemoteName } from '../core/remote.ts';

export function checkName(name: string): void {
  if (!isRemoteName(name)) throw new Error(`not a name of a remote: ${JSON.stringify(name.slice(0, 200))}`);
}
