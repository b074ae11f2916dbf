// Whether the program of a command is there. A warning: who only looks at results on another machine does without it.
import path from 'node:path';
import { isFileAt } from '../code/project-files.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

export function warnOfProgram(
  reading: Reading,
  input: {
    readonly argv: readonly string[];
    readonly set: { readonly [name: string]: string };
    readonly path: JsonPath;
  },
): void {
  const word = input.argv[0]!;
  const searched = input.set.PATH ?? reading.env.PATH;
  // What is prepared is not there yet.
  if (
    searched === undefined ||
    (reading.raw.prepare ?? []).length > 0 ||
    isProgramThere(word, searched, reading.folder)
  )
    return;
  const isPath = /[\\/]/.test(word);
  const message = isPath
    ? `there is no program ${JSON.stringify(word)}, which this command starts`
    : `there is no program ${JSON.stringify(word)} on the PATH, which this command starts`;
  const hint = isPath
    ? "commands start in the manifest's folder: write its path from there"
    : `install it, or write its path: ./${word}`;
  say(reading, { path: input.path, severity: 'warning', code: 'no-program', message, hint });
}

/** @param searched a PATH */
export function isProgramThere(word: string, searched: string, folder: string): boolean {
  if (/[\\/]/.test(word)) return isFileAt(path.resolve(folder, word));
  const folders = searched.split(path.delimiter).filter((one) => one !== '');
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  return folders.some((one) => endings.some((ending) => isFileAt(path.join(one, word + ending))));
}
