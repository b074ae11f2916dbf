// The closure of code in one language, with what its interpreter needs to know of the project. Libraries are loaded here,
// when there is code.

import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import type { ProcessEnv } from '../../core/harness.ts';
import { findMatches } from '../documents/files.ts';
import type { Reading } from '../reading.ts';
import type { Closure, Sweep } from './closure-list.ts';
import { given, pythonPathOf, sharedRead, wordsIn } from './code-reads.ts';
import type { Part } from './command-words.ts';
import { filesBelow, JS_FILE, PYTHON_FILE } from './project-files.ts';
import type { PythonWord } from './python-chosen.ts';

export type CodeAt = {
  readonly reading: Reading;
  readonly env: ProcessEnv;
  /** Patterns beside the manifest's own `inputs:` that say what an import of an unknown name may be. */
  readonly inputs: readonly (string | undefined)[];
};

type JsPart = Extract<Part, { readonly kind: 'js' }>;
type PythonPart = Extract<Part, { readonly kind: 'python' }>;

export async function closureOfJs(input: Omit<JsPart, 'kind'>, context: CodeAt): Promise<Closure> {
  const { jsClosure } = await import('./closure-js.ts');
  const { reading, env } = context;
  const { folder } = reading;
  const more = (given('NODE_PATH', env, reading) ?? '').split(path.delimiter).filter((one) => one !== '');
  const { isNode, conditions } = input;
  return jsClosure(input, {
    folder,
    read: sharedRead(reading),
    isNode,
    conditions,
    more: more.map((one) => path.resolve(folder, one)),
    sweep: sweepOf(context, JS_FILE),
  });
}

export async function closureOfPython(
  input: Omit<PythonPart, 'kind'> & { readonly isTests?: true },
  context: CodeAt,
): Promise<Closure> {
  const [{ pythonClosure }, { pythonFor }] = await Promise.all([
    import('./closure-python.ts'),
    import('./python-chosen.ts'),
  ]);
  const { reading } = context;
  const chosen = await pythonFor(reading, wordOf(input.binary, context));
  return pythonClosure(input, {
    folder: reading.folder,
    read: sharedRead(reading),
    interpreter: chosen.interpreter,
    installed: chosen.installed,
    isOwn: input.isOwn && chosen.isAsked,
    sweep: sweepOf(context, PYTHON_FILE),
    // pytest says itself what it cannot import, and what a conftest brings nobody else knows.
    ...(input.isTests || !input.isOwn || !chosen.isAsked
      ? {}
      : await missingOf(chosen.binary, input.roots, context)),
  });
}

async function missingOf(binary: string | null, roots: readonly string[], { reading }: CodeAt) {
  if (binary === null) return {};
  const { notFound } = await import('./python-finds.ts');
  const { folder, env } = reading;
  return { missing: (names: readonly string[]) => notFound({ binary, folder, env, names, roots }) };
}

export async function closureOfPytest(
  input: { readonly paths: readonly string[]; readonly binary: string; readonly args: readonly string[] },
  context: CodeAt,
): Promise<Closure> {
  const [{ pytestFiles }, { pythonFor }] = await Promise.all([
    import('./pytest-files.ts'),
    import('./python-chosen.ts'),
  ]);
  const { reading, env } = context;
  const { folder } = reading;
  const read = sharedRead(reading);
  const args = [...wordsIn('PYTEST_ADDOPTS', env, reading), ...input.args];
  const found = pytestFiles(reading, { paths: input.paths, args });
  const plugins = (await pythonFor(reading, wordOf(input.binary, context))).installed.pytestPlugins();
  const closure = await closureOfPython(
    {
      binary: input.binary,
      isOwn: true,
      isTests: true as const,
      texts: [],
      files: found.files,
      maybe: plugins.flatMap(({ modules }) => modules),
      modules: found.plugins.map((name) => ({ name, isMain: false })),
      // "python -m pytest" puts the folder where it starts before everything but the tests' own.
      roots: [...found.roots, folder, ...pythonPathOf(env, reading), path.join(folder, 'src')],
    },
    context,
  );
  const settings = found.settings.map((file) => [file, read(file).digest] as const);
  const named = plugins.map(({ distribution: { name, version } }) => [name, version] as const);
  const sections = [...found.sections].map(([name, text]) => [name, sha256(text)] as const);
  return {
    ...closure,
    files: new Map([...closure.files, ...settings]),
    packages: new Map([...closure.packages, ...named, ...sections]),
  };
}

function wordOf(word: string, { env, reading }: CodeAt): PythonWord {
  return { word, searched: env.set.PATH ?? reading.env.PATH ?? '' };
}

function sweepOf({ reading, inputs }: CodeAt, wanted: RegExp): Sweep {
  const { folder } = reading;
  return async ({ known, open, isOnlyOpen }) => {
    const patterns = [...(reading.raw.inputs ?? []), ...inputs];
    const matches = isOnlyOpen ? await findMatches({ patterns, folder }) : [];
    const declared = matches
      .flatMap(({ paths }) => paths.map((file) => path.join(folder, file)))
      .filter((file) => wanted.test(file) && !known.has(file));
    if (declared.length > 0) return { files: declared, isDeclared: true };
    // Code that lies elsewhere imports what lies beside it.
    const outside = open
      .map(({ file }) => path.dirname(file))
      .filter((at) => path.relative(folder, at).startsWith('..'));
    return {
      files: [folder, ...new Set(outside)].flatMap((at) => filesBelow(at, wanted)),
      isDeclared: false,
    };
  };
}
