// expgraph complete: what the scripts of `completion` ask at each Tab. It is silent whatever happens: somebody is writing a line.
import { answerTab } from '../../project/complete/answer.ts';
import type { Command } from '../base.ts';
import { readGlobals, shaped } from '../globals.ts';
import { declaredOf } from '../help/declared.ts';
import type { Io } from '../io.ts';

export type CompleteOptions = { readonly shell: string; readonly words: readonly string[] };

export async function completeCommand(io: Io, program: Command, options: CompleteOptions): Promise<number> {
  try {
    const worldOf = (before: readonly string[]): Io => shaped(io, readGlobals(before));
    io.out.write(await answerTab({ ...options, program: declaredOf(program), worldOf }));
  } catch {
    // A folder that is not there, a file that cannot be read: then there is nothing to be said.
  }
  return 0;
}
