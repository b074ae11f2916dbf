// What code consists of, for each kind of harness: its files by digest, and what it names of what is installed.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Code, ProcessEnv } from '../core/harness.ts';
import type { Closure, CodePlace, ReadCode, Sweep } from './closure-list.ts';
import { sorted } from './code-list.ts';
import type { Part } from './command-words.ts';
import { reportRead } from './document.ts';
import { findMatches } from './files.ts';
import { bareLocation, type JsonPath, lineIn } from './place.ts';
import { filesBelow, isFileAt, JS_FILE, PYTHON_FILE } from './project-files.ts';
import { checkFile, unreadable } from './read.ts';
import { type Reading, say } from './reading.ts';

export type CodeReader = {
  module(file: string, at: JsonPath): Promise<Code>;
  /** What its words run, and the files of the project among them. */
  command(of: { readonly argv: readonly string[]; readonly env: ProcessEnv }): Promise<Code>;
  pytest(
    of: {
      readonly paths: readonly string[];
      readonly python: string;
      readonly args: readonly string[];
      readonly env: ProcessEnv;
    },
    at: JsonPath,
  ): Promise<Code>;
};

/** `inputs`: patterns that say what an import of an unknown name may be, beside the manifest's own. */
export function makeCodeReader(reading: Reading, inputs: readonly (string | undefined)[] = []): CodeReader {
  const { folder, findings } = reading;
  const read = sharedRead(reading);

  /** Absolute, or null where it is no file that may be read; that was said. */
  function entry(shown: string, at: JsonPath): string | null {
    const file = path.resolve(folder, shown);
    const opening = {
      ...{ file, shown, folder, findings, maxBytes: MAX_CODE_BYTES },
      namedAt: () => reading.document.locate({ path: at, part: 'value' }),
    };
    const checked = checkFile(opening);
    if (checked.kind === 'ok') return file;
    findings.reads(file);
    reportRead(opening, checked.error);
    return null;
  }

  const sweepOf =
    (wanted: RegExp): Sweep =>
    async ({ known, isOnlyOpen }) => {
      const patterns = [...(reading.raw.inputs ?? []), ...inputs];
      const matches = isOnlyOpen ? await findMatches({ patterns, folder }) : [];
      const declared = matches
        .flatMap(({ paths }) => paths.map((file) => path.join(folder, file)))
        .filter((file) => wanted.test(file) && !known.has(file));
      if (declared.length > 0) return { files: declared, isDeclared: true };
      return { files: filesBelow(folder, wanted), isDeclared: false };
    };

  /** Gathers what the parts of a command come to, and what these start in their turn. */
  async function gather(first: readonly Part[], env: ProcessEnv): Promise<Code> {
    const files = new Map<string, string>();
    const packages = new Map<string, string>();
    const done = new Set<string>();
    const { partsOf } = await import('./command-words.ts');
    const waiting = [...first];
    const pythonPath = pythonPathOf(env, reading);
    const start = (words: readonly string[], base: string, more: readonly string[] = []): void => {
      const bases = [folder, base];
      waiting.push(...partsOf(words, { bases, pythonPath: [...more, ...pythonPath], isGuess: true }));
    };
    const take = (closure: Closure, from: string): void => {
      for (const [file, digest] of closure.files) files.set(shownFrom(folder, file), digest);
      for (const [name, version] of closure.packages) packages.set(name, version);
      for (const problem of closure.problems) {
        tell({ ...problem, code: 'bad-code', severity: 'error', hint: null });
      }
      for (const place of closure.open) tell({ place, ...openImport(place, folder) });
      for (const words of closure.words) start(words, from);
    };
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      const name = JSON.stringify(part);
      if (done.has(name)) continue;
      done.add(name);
      switch (part.kind) {
        case 'js':
          take(await js(part, env), path.dirname(part.entries[0] ?? folder));
          break;
        case 'python':
          take(await python(part), path.dirname(part.files[0] ?? folder));
          break;
        case 'pytest': {
          const made = await pytest({ ...part, paths: [], env });
          take(made.closure, folder);
          break;
        }
        case 'shell': {
          const { file } = part;
          const text = file === null ? part.text : read(file).bytes.toString('utf8');
          if (file !== null) files.set(shownFrom(folder, file), read(file).digest);
          const { shellCommands } = await import('./shell-words.ts');
          const base = file === null ? folder : path.dirname(file);
          for (const { words, env: set } of shellCommands(text)) {
            const more = (set.PYTHONPATH ?? '')
              .split(path.delimiter)
              .filter((one) => one !== '' && !one.includes('$'));
            start(
              words,
              base,
              more.map((one) => path.resolve(folder, one)),
            );
            for (const word of words) lookEverywhere(word, base, waiting);
          }
          break;
        }
        case 'script':
          runScript(part.name, { packages, start });
          break;
        case 'file':
          files.set(shownFrom(folder, part.file), read(part.file).digest);
          break;
      }
    }
    return sorted(files, packages);
  }

  /** A script that changes folders names files from there: whatever in the project has the name may be meant. */
  function lookEverywhere(word: string, base: string, waiting: Part[]): void {
    if (!/^[\w./-]+\.(?:py|sh|[cm]?[jt]s)$/.test(word)) return;
    if ([folder, base].some((at) => isFileAt(path.resolve(at, word)))) return;
    const ending = path.join(path.sep, word.replace(/^(?:\.{0,2}\/)+/, ''));
    for (const file of filesBelow(folder, /\.(?:py|sh|[cm]?[jt]s)$/)) {
      if (file.endsWith(ending)) waiting.push({ kind: 'file', file });
    }
  }

  function runScript(
    name: string,
    to: {
      readonly packages: Map<string, string>;
      readonly start: (words: readonly string[], base: string) => void;
    },
  ): void {
    for (let at = folder; ; at = path.dirname(at)) {
      const file = path.join(at, 'package.json');
      if (isFileAt(file)) {
        const scripts = scriptsIn(read(file).bytes.toString('utf8'));
        for (const one of [`pre${name}`, name, `post${name}`]) {
          const text = scripts[one];
          if (typeof text !== 'string') continue;
          to.packages.set(`script ${one} of ${shownFrom(folder, file)}`, text);
          to.start(['sh', '-c', text], at);
        }
        return;
      }
      if (at === path.dirname(at)) return;
    }
  }

  async function js(
    of: Pick<Extract<Part, { kind: 'js' }>, 'entries' | 'texts' | 'isNode' | 'conditions'>,
    env: ProcessEnv,
  ): Promise<Closure> {
    const { jsClosure } = await import('./closure-js.ts');
    const more = (valueOf('NODE_PATH', env, reading) ?? '').split(path.delimiter).filter((one) => one !== '');
    const { isNode, conditions } = of;
    return jsClosure(of, {
      ...{ folder, read, isNode, conditions, more: more.map((one) => path.resolve(folder, one)) },
      sweep: sweepOf(JS_FILE),
    });
  }

  async function python(
    of: Pick<
      Extract<Part, { kind: 'python' }>,
      'binary' | 'isOwn' | 'files' | 'modules' | 'texts' | 'maybe' | 'roots'
    >,
  ): Promise<Closure> {
    const [{ pythonClosure }, { pythonFor }] = await Promise.all([
      import('./closure-python.ts'),
      import('./python-chosen.ts'),
    ]);
    const chosen = await pythonFor(reading, of.binary);
    return pythonClosure(of, {
      ...{ folder, read, interpreter: chosen.interpreter, installed: chosen.installed },
      isOwn: of.isOwn && chosen.isAsked,
      sweep: sweepOf(PYTHON_FILE),
    });
  }

  async function pytest(of: {
    readonly paths: readonly string[];
    readonly binary: string;
    readonly args: readonly string[];
    readonly env: ProcessEnv;
  }): Promise<{ readonly closure: Closure; readonly absent: readonly string[]; readonly found: number }> {
    const { pytestFiles } = await import('./pytest-files.ts');
    const { pythonFor } = await import('./python-chosen.ts');
    const { env } = of;
    const addopts = (valueOf('PYTEST_ADDOPTS', env, reading) ?? '').split(/\s+/).filter((one) => one !== '');
    const found = pytestFiles({ folder, paths: of.paths, args: [...addopts, ...of.args] });
    const { installed } = await pythonFor(reading, of.binary);
    const brought = installed.pytestPlugins.filter(({ distribution }) => distribution.name !== 'expgraph');
    const closure = await python({
      ...{ binary: of.binary, isOwn: true, texts: [], maybe: brought.flatMap(({ modules }) => modules) },
      files: found.files,
      modules: found.plugins.map((name) => ({ name, isMain: false })),
      // "python -m pytest" puts the folder where it starts before everything else but the tests' own.
      roots: [...found.roots, folder, ...pythonPathOf(env, reading), path.join(folder, 'src')],
    });
    const files = new Map([
      ...closure.files,
      ...found.settings.map((file) => [file, read(file).digest] as const),
    ]);
    const packages = new Map([
      ...closure.packages,
      ...brought.map(({ distribution: { name, version } }) => [name, version] as const),
      ...[...found.sections].map(([name, text]) => [name, digestOf(text)] as const),
    ]);
    return {
      closure: { ...closure, files, packages },
      absent: found.absent,
      found: found.files.length,
    };
  }

  function tell(of: {
    readonly place: CodePlace;
    readonly message: string;
    readonly code: string;
    readonly severity: 'error' | 'warning';
    readonly hint: string | null;
  }): void {
    const { place, ...said } = of;
    const location = isFileAt(place.file) ? lineIn(read(place.file).bytes.toString('utf8'), place) : null;
    findings.add(place.file, () => ({ ...said, location }));
  }

  return {
    async module(shown, at) {
      const file = entry(shown, at);
      if (file === null) return { files: [], packages: [] };
      const part = { kind: 'js', isNode: true, conditions: [], entries: [file], texts: [] } as const;
      return gather([part], { set: {}, pass: [] });
    },
    async command({ argv, env }) {
      const { partsOf } = await import('./command-words.ts');
      const at = { bases: [folder], pythonPath: pythonPathOf(env, reading, argv), isGuess: false };
      const options = (valueOf('NODE_OPTIONS', env, reading) ?? '').split(/\s+/).filter((one) => one !== '');
      const preloads = options.length === 0 ? [] : partsOf(['node', ...options], at);
      return gather([...partsOf(argv, at), ...preloads], env);
    },
    async pytest({ paths, python: binary, args, env }, at) {
      const { closure, absent, found } = await pytest({ paths, binary, args, env });
      for (const shown of absent) {
        say(reading, { path: at, code: 'no-file', message: `there is no ${JSON.stringify(shown)}` });
      }
      if (absent.length === 0 && found === 0) {
        const message = 'no file of tests is there (test_*.py, *_test.py)';
        say(reading, { path: at, code: 'no-file', message });
      }
      for (const problem of closure.problems) {
        tell({ ...problem, code: 'bad-code', severity: 'error', hint: null });
      }
      for (const place of closure.open) tell({ place, ...openImport(place, folder) });
      const files = new Map([...closure.files].map(([file, digest]) => [shownFrom(folder, file), digest]));
      return sorted(files, closure.packages);
    },
  };
}

const MAX_CODE_BYTES = 50_000_000;

function openImport(place: CodePlace, folder: string) {
  const isPython = PYTHON_FILE.test(place.file);
  const near = path.posix.dirname(shownFrom(folder, place.file));
  const example = `${near === '.' || near.startsWith('..') ? '' : `${near}/`}plugins/*.${isPython ? 'py' : 'ts'}`;
  return {
    code: 'open-import',
    severity: 'warning',
    message: `what is imported here is put together when it runs: every ${isPython ? 'Python' : 'JavaScript and TypeScript'} file of the experiment's folder counts`,
    hint: `name what it may be, and only that counts: inputs: [${JSON.stringify(example)}]`,
  } as const;
}

/** Each file is read and hashed once in a look at a manifest, whoever imports it. */
const reads = new WeakMap<Reading['findings'], ReadCode>();

function sharedRead({ findings }: Reading): ReadCode {
  let shared = reads.get(findings);
  if (!shared) {
    const known = new Map<string, ReturnType<ReadCode>>();
    shared = (file) => {
      let found = known.get(file);
      if (!found) {
        findings.reads(file);
        const bytes = bytesOf(file, findings);
        found = { bytes, digest: digestOf(bytes) };
        known.set(file, found);
      }
      return found;
    };
    reads.set(findings, shared);
  }
  return shared;
}

/** A file that was found and cannot be read is a mistake; nothing is made of half a program. */
function bytesOf(file: string, findings: Reading['findings']): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = unreadable(error);
    findings.add(file, () => ({
      code,
      message: `this file, which counts, ${message}`,
      location: bareLocation(file),
    }));
    return Buffer.alloc(0);
  }
}

function digestOf(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What a program is given of a variable: what is written, else what is passed on. */
function valueOf(name: string, env: ProcessEnv, { env: all }: Reading): string | undefined {
  return env.set[name] ?? (env.pass.includes(name) ? all[name] : undefined);
}

function pythonPathOf(env: ProcessEnv, reading: Reading, argv: readonly string[] = []): readonly string[] {
  const inWords = argv.flatMap((word) => /^PYTHONPATH=(.*)$/s.exec(word)?.[1] ?? []);
  return [...inWords, valueOf('PYTHONPATH', env, reading)]
    .flatMap((written) => written?.split(path.delimiter) ?? [])
    .map((one) => path.resolve(reading.folder, one))
    .filter((one) => existsSync(one));
}

function shownFrom(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}

function scriptsIn(text: string): { readonly [name: string]: unknown } {
  try {
    return (JSON.parse(text) as { scripts?: { [name: string]: unknown } } | null)?.scripts ?? {};
  } catch {
    return {};
  }
}
