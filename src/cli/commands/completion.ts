// expgraph completion: the script of a shell.
import { completionScript } from '../../report/setup/completion-scripts.ts';
import type { Shell } from '../completion/shells.ts';
import type { Io } from '../io.ts';

export function completionCommand(io: Io, shell: Shell): number {
  io.out.write(completionScript(shell));
  return 0;
}
