// How code is read while a manifest is looked at: each file once, what a program sees of the environment, and where a
// mistake stands.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import type { ProcessEnv } from '../../core/harness.ts';
import { unreadable } from '../documents/read.ts';
import { bareLocation, lineIn } from '../errors/place.ts';
import { oncePerLoad, type Reading } from '../reading.ts';
import type { Closure, CodePlace, ReadCode } from './closure-list.ts';
import { isFileAt, PYTHON_FILE } from './project-files.ts';

const filesOf = oncePerLoad(() => new Map<string, ReturnType<ReadCode>>());

/** Each file is read and hashed once in a load of a manifest, whoever imports it. */
export function sharedRead(reading: Reading): ReadCode {
  const known = filesOf(reading);
  const { findings } = reading;
  return (file) => {
    findings.reads(file);
    let found = known.get(file);
    if (!found) {
      const bytes = bytesOf(file, findings);
      found = { bytes, digest: sha256(bytes) };
      known.set(file, found);
    }
    return found;
  };
}

/** A file that was found and cannot be read is a mistake: nothing is made of half a program. */
function bytesOf(file: string, findings: Reading['findings']): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = unreadable(error);
    const said = { code, message: `this file, which is part of the code, ${message}` };
    findings.add(file, () => ({ ...said, location: bareLocation(file) }));
    return Buffer.alloc(0);
  }
}

/** What a program is given of a variable: what is written, else what is passed on. */
export function given(name: string, env: ProcessEnv, reading: Reading): string | undefined {
  return env.set[name] ?? (env.pass.includes(name) ? reading.env[name] : undefined);
}

export function wordsIn(name: string, env: ProcessEnv, reading: Reading): readonly string[] {
  return (given(name, env, reading) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** @param argv `env PYTHONPATH=lib python3 x.py` */
export function pythonPathOf(
  env: ProcessEnv,
  reading: Reading,
  argv: readonly string[] = [],
): readonly string[] {
  const inWords = argv.flatMap((word) => /^PYTHONPATH=(.*)$/s.exec(word)?.[1] ?? []);
  return [...inWords, given('PYTHONPATH', env, reading)]
    .flatMap((written) => written?.split(path.delimiter) ?? [])
    .map((one) => path.resolve(reading.folder, one))
    .filter((one) => existsSync(one));
}

/** As it is kept: relative to the experiment's folder, with forward slashes; through a link to the folder the same. */
export function shownFrom(folder: string, file: string): string {
  const shown = path.relative(folder, file);
  const real = shown.startsWith('..') ? path.relative(realpathSync(folder), file) : shown;
  return (real.startsWith('..') ? shown : real).replaceAll('\\', '/');
}

/** Says what is wrong with the code, and what of it nobody can know, where it stands. */
export function tellOf(reading: Reading, { problems, open }: Closure): void {
  const tell = (
    place: CodePlace,
    said: { code: string; message: string; hint?: string; severity?: 'warning' },
  ): void => {
    const text = isFileAt(place.file) ? sharedRead(reading)(place.file).bytes.toString('utf8') : null;
    const location = text === null ? null : lineIn(text, place);
    reading.findings.add(place.file, () => ({ ...said, location }));
  };
  for (const { place, message, hint, isCertain } of problems) {
    const said = { code: 'bad-code', message, ...(hint === undefined ? {} : { hint }) };
    tell(place, { ...said, ...(isCertain ? {} : { severity: 'warning' }) });
  }
  for (const place of open) tell(place, { ...openImport(place, reading.folder), severity: 'warning' });
}

function openImport({ file }: CodePlace, folder: string) {
  const isPython = PYTHON_FILE.test(file);
  const near = path.posix.dirname(shownFrom(folder, file));
  const example = `${near === '.' || near.startsWith('..') ? '' : `${near}/`}plugins/*.${isPython ? 'py' : 'ts'}`;
  const what = isPython ? 'Python' : 'JavaScript and TypeScript';
  return {
    code: 'open-import',
    message: `what is imported here is put together when it runs: every ${what} file of the experiment's folder counts`,
    hint: `name what it may be, and of such imports only that counts: inputs: [${JSON.stringify(example)}]`,
  };
}
