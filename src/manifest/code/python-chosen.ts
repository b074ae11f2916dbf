// Which Python reads the code of a harness: the one that runs it, else whichever is there. One process each for a whole
// look at a manifest, ended with it.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { oncePerLoad, type Reading } from '../reading.ts';
import { isFileAt } from './project-files.ts';
import { type Installed, readInstalled, sitePackagesOf } from './python-installed.ts';
import { type Interpreter, type Interpreters, makeInterpreters } from './python-parser.ts';

export type ChosenPython = {
  /** null = there is none. */
  readonly interpreter: Interpreter | null;
  /** Whether it is the one that was asked for. */
  readonly isAsked: boolean;
  /** Absolute, of the interpreter. */
  readonly binary: string | null;
  readonly installed: Installed;
};

type Shared = { readonly interpreters: Interpreters; readonly chosen: Map<string, Promise<ChosenPython>> };

const sharedOf = oncePerLoad((reading): Shared => {
  const interpreters = makeInterpreters(reading);
  reading.atEnd.push(interpreters.close);
  return { interpreters, chosen: new Map() };
});

export type PythonWord = {
  /** Of a command: `python3`, `.venv/bin/python`. */
  readonly word: string;
  /** The PATH that the program is given. */
  readonly searched: string;
};

export function pythonFor(reading: Reading, input: PythonWord): Promise<ChosenPython> {
  const known = sharedOf(reading);
  const key = JSON.stringify([input.word, input.searched]);
  let chosen = known.chosen.get(key);
  if (!chosen) {
    chosen = choose(reading, input, known.interpreters);
    known.chosen.set(key, chosen);
  }
  return chosen;
}

async function choose(
  reading: Reading,
  input: PythonWord,
  interpreters: Interpreters,
): Promise<ChosenPython> {
  const asked = binaryOf(input, reading);
  const others = ['python3', 'python'].map((word) => binaryOf({ ...input, word }, reading));
  for (const binary of [asked, ...others]) {
    const isOurs = binary === null || !liesOutside(binary, reading.folder);
    const interpreter = isOurs ? null : await interpreters.find(binary);
    if (!interpreter) continue;
    const { prefix } = interpreter.about;
    const isAsked = binary === asked;
    const installed = installedFor(asked ?? binary!, isAsked ? prefix : null, reading);
    return { interpreter, isAsked, binary, installed };
  }
  return {
    interpreter: null,
    isAsked: false,
    binary: null,
    installed: installedFor(asked ?? '/usr/bin/python3', null, reading),
  };
}

function installedFor(binary: string, prefix: string | null, { env }: Reading): Installed {
  return readInstalled(sitePackagesOf({ binary, prefix, home: env.HOME }));
}

/**
 * A plan runs nothing of the project. The python of a virtual environment is a link to an installed one; a program that
 * lies in the folder itself may be anything.
 */
function liesOutside(binary: string, folder: string): boolean {
  try {
    const real = realpathSync(binary);
    return path.relative(realpathSync(folder), real).startsWith('..') && isPython(path.basename(real));
  } catch {
    return false;
  }
}

/** The shims of pyenv and their like are scripts of the name, too. */
function isPython(name: string): boolean {
  return /^(?:python|pypy)[\d.]*(?:\.exe)?$/.test(name);
}

function binaryOf({ word, searched }: PythonWord, { folder }: Reading): string | null {
  if (word.includes('/')) return path.resolve(folder, word);
  for (const at of searched.split(path.delimiter)) {
    if (at !== '' && isFileAt(path.join(at, word))) return path.join(at, word);
  }
  return null;
}
