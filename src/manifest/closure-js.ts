// What a TypeScript or JavaScript module consists of: every file that it imports, over any number of steps, and the
// packages that it names, by version. Nothing is run. The only file that knows the package `es-module-lexer`.
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { init, parse } from 'es-module-lexer';
import type { Code } from '../core/harness.ts';
import { type ReadCode, sorted } from './code-list.ts';
import { packageOf } from './packages.ts';

/** An import that leads to no file: said where it stands. */
export type ClosureProblem = { readonly file: string; readonly message: string };

export type Closure = { readonly code: Code; readonly problems: readonly ClosureProblem[] };

/** Our own package is the engine, whose version is provenance: it is no part of a key. */
const OWN_NAME = 'expgraph';
const LEXED = /\.(?:[cm]?[jt]s)$/;

/**
 * @param entry absolute
 * @param of.folder the manifest's: paths are relative to it
 * @param of.read reads and hashes a file, each once
 */
export async function jsClosure(
  entry: string,
  of: { readonly folder: string; readonly read: ReadCode },
): Promise<Closure> {
  await init;
  const files = new Map<string, string>();
  const packages = new Map<string, string>();
  const problems: ClosureProblem[] = [];
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const shown = path.relative(of.folder, file).replaceAll('\\', '/');
    if (files.has(shown)) continue;
    let source: { readonly bytes: Buffer; readonly digest: string };
    try {
      source = of.read(file);
    } catch (error) {
      problems.push({ file: shown, message: `cannot be read: ${(error as Error).message}` });
      continue;
    }
    files.set(shown, source.digest);
    if (!LEXED.test(file)) continue;
    for (const specifier of specifiersOf({ file, text: source.bytes.toString('utf8'), problems, shown })) {
      if (specifier.startsWith('node:')) continue;
      if (/^(?:\.{1,2}\/|\/|file:)/.test(specifier)) {
        waiting.push(fileURLToPath(new URL(specifier, pathToFileURL(file))));
        continue;
      }
      const found = packageOf(specifier, path.dirname(file));
      if (found && found.name !== OWN_NAME) packages.set(found.name, found.version);
    }
  }
  return { code: sorted(files, packages), problems };
}

/** Static imports, re-exports, and `import('...')` of a written name; one that is put together is found when it runs. */
function specifiersOf(of: {
  readonly file: string;
  readonly text: string;
  readonly problems: ClosureProblem[];
  readonly shown: string;
}): readonly string[] {
  try {
    return parse(plainJs(of.file, of.text))[0].flatMap((found) =>
      'specifier' in found && typeof found.specifier === 'string' ? [found.specifier] : [],
    );
  } catch (error) {
    of.problems.push({ file: of.shown, message: `is no module that can be read: ${firstLine(error)}` });
    return [];
  }
}

/** Types go first: an `import type` is no part of what runs, and the lexer knows JavaScript. */
function plainJs(file: string, text: string): string {
  return /\.[cm]?ts$/.test(file) ? stripQuietly(text) : text;
}

/** Node calls the function experimental, once, on stderr; it is the one that runs the file. */
function stripQuietly(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0]!;
}
