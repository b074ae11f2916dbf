// Gathers what the parts of a command come to, and what these start in their turn: a script that starts a program that
// starts another.

import path from 'node:path';
import type { Code } from '../../core/harness.ts';
import { parseObject } from '../../core/json-text.ts';
import type { Closure } from './closure-list.ts';
import { type CodeAt, closureOfJs, closureOfPytest, closureOfPython } from './code-closures.ts';
import { pythonPathOf, sharedRead, shownFrom, tellOf } from './code-reads.ts';
import { type Part, partsOf } from './command-words.ts';
import { filesBelow, isFileAt } from './project-files.ts';
import { shellCommands } from './shell-words.ts';

export async function gather(first: readonly Part[], input: CodeAt): Promise<Code> {
  const { reading } = input;
  const { folder } = reading;
  const read = sharedRead(reading);
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const done = new Set<string>();
  const waiting = [...first];
  const searched = pythonPathOf(input.env, reading);

  /** Words of a script or of code: relative to where programs start, or to where the words stand. */
  function start(words: readonly string[], base: string, more: readonly string[] = []): void {
    waiting.push(
      ...partsOf(words, { bases: [folder, base], pythonPath: [...more, ...searched], isGuess: true }),
    );
  }

  function take(closure: Closure, base: string): void {
    for (const [file, digest] of closure.files) files.set(shownFrom(folder, file), digest);
    for (const [name, version] of closure.packages) packages.set(name, version);
    tellOf(reading, closure);
    for (const words of closure.words) start(words, base);
  }

  function readShell(text: string, base: string): void {
    for (const { words, env } of shellCommands(text)) {
      const more = (env.PYTHONPATH ?? '')
        .split(path.delimiter)
        .filter((one) => one !== '' && !one.includes('$'));
      start(
        words,
        base,
        more.map((one) => path.resolve(folder, one)),
      );
      for (const word of words) lookEverywhere(word, base);
    }
  }

  /** A script that changes folders names files from there: whatever in the project has the name may be meant. */
  function lookEverywhere(word: string, base: string): void {
    if (!SCRIPT_WORD.test(word)) return;
    if ([folder, base].some((one) => isFileAt(path.resolve(one, word)))) return;
    const ending = path.join(path.sep, word.replace(/^(?:\.{0,2}\/)+/, ''));
    for (const file of filesBelow(folder, SCRIPT_WORD)) if (file.endsWith(ending)) start([file], base);
  }

  function readScript(name: string): void {
    for (let folder_ = folder; ; folder_ = path.dirname(folder_)) {
      const file = path.join(folder_, 'package.json');
      if (isFileAt(file)) {
        const scripts = scriptsIn(read(file).bytes.toString('utf8'));
        for (const one of [`pre${name}`, name, `post${name}`]) {
          const text = scripts[one];
          if (typeof text !== 'string') continue;
          packages.set(`script ${one} of ${shownFrom(folder, file)}`, text);
          readShell(text, folder_);
        }
        return;
      }
      if (folder_ === path.dirname(folder_)) return;
    }
  }

  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const name = JSON.stringify(part);
    if (done.has(name)) continue;
    done.add(name);
    switch (part.kind) {
      case 'js':
        take(await closureOfJs(part, input), baseOf(part.entries[0], folder));
        break;
      case 'python':
        take(await closureOfPython(part, input), baseOf(part.files[0], folder));
        break;
      case 'pytest':
        take(await closureOfPytest(part, input), folder);
        break;
      case 'shell':
        if (part.file === null) readShell(part.text, folder);
        else {
          const { bytes, digest } = read(part.file);
          files.set(shownFrom(folder, part.file), digest);
          readShell(bytes.toString('utf8'), path.dirname(part.file));
        }
        break;
      case 'script':
        readScript(part.name);
        break;
      case 'file':
        files.set(shownFrom(folder, part.file), read(part.file).digest);
        break;
    }
  }
  return sorted(files, packages);
}

const SCRIPT_WORD = /^[\w./-]+\.(?:py|sh|bash|[cm]?[jt]s|rb|pl)$/;

function baseOf(entry: string | undefined, folder: string): string {
  return entry === undefined ? folder : path.dirname(path.resolve(folder, entry));
}

function scriptsIn(text: string): { readonly [name: string]: unknown } {
  return (parseObject(text) as { scripts?: { [name: string]: unknown } } | null)?.scripts ?? {};
}

/** As it is kept: sorted, so that equal code is equal text. */
function sorted(files: ReadonlyMap<string, string>, packages: ReadonlyMap<string, string>): Code {
  const byName = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : 1);
  return {
    files: [...files].sort(byName).map(([path, digest]) => ({ path, digest })),
    packages: [...packages].sort(byName).map(([name, version]) => ({ name, version })),
  };
}
