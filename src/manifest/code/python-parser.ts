// Asks Python what a Python file imports: one process of the user's interpreter for a whole manifest, which reads by
// `ast` and runs nothing of theirs (python/expgraph_imports.py). What it said of a file is kept by the file's digest.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../../core/canonical.ts';
import { parseJson } from '../../core/json-text.ts';
import { identityOf, type PythonMemory } from '../python-memory.ts';

/** A place in a file: lines from 1, columns as Python counts them. */
export type PythonPlace = { readonly line: number; readonly column: number };

/** What one file says. Paths may be relative to the folder where the program starts. */
export type PythonImports = {
  readonly imports: readonly {
    /** Dots before the name. */
    readonly level: number;
    readonly module: string;
    /** After `from ... import`; null = `import a.b`. */
    readonly names: readonly string[] | null;
    /** It may never run: in a function, under `if`, in `try`. */
    readonly isGuarded: boolean;
  }[];
  /** Dotted names that may be modules: what a test patches. */
  readonly maybe: readonly string[];
  /** Imports of a name that is put together while it runs. */
  readonly open: readonly PythonPlace[];
  /** The same, with a known beginning: `plugins.` */
  readonly prefixes: readonly (PythonPlace & { readonly name: string })[];
  /** Put on sys.path. */
  readonly paths: readonly string[];
  readonly unknownPaths: readonly PythonPlace[];
  /** Run or loaded by path. */
  readonly files: readonly string[];
  /** Words that are handed to other programs. */
  readonly words: readonly (readonly string[])[];
  /** pytest_plugins. */
  readonly plugins: readonly string[];
  /** `__all__`: modules of a package that `import *` brings; ["*"] = it is put together. */
  readonly all: readonly string[] | null;
  readonly error: (PythonPlace & { readonly message: string }) | null;
};

export type Interpreter = {
  readonly about: {
    readonly version: readonly [number, number];
    readonly prefix: string;
    readonly stdlib: ReadonlySet<string>;
  };
  /** null: the interpreter was lost over this file. */
  read(input: {
    readonly file: string;
    readonly bytes: Buffer;
    readonly digest: string;
  }): Promise<PythonImports | null>;
  /** What of tests' code counts for which variant; null: the interpreter was lost over it, or cannot tell. */
  reach(question: ReachQuestion): Promise<ReachAnswer | null>;
};

export type ReachQuestion = {
  readonly files: readonly {
    readonly path: string;
    readonly digest: string;
    readonly bytes: Buffer;
    /** pytest itself loads it. */
    readonly start: boolean;
  }[];
  readonly variants: readonly string[];
  readonly source: { readonly kind: string; readonly name: string };
  /** Units that were executed where no name leads to them: they count for all. */
  readonly seen: readonly string[];
};

/** Of each variant, digests by `file:name`. */
export type ReachAnswer = {
  readonly counts: { readonly [variant: string]: { readonly [unit: string]: string } };
  /** All functions and classes, and what runs when a file is imported. */
  readonly units: readonly string[];
  readonly holes: { readonly [unit: string]: string };
  readonly sources: { readonly [digest: string]: string };
  readonly usesSettings: boolean;
  readonly labels: readonly string[];
  readonly valueTexts: readonly string[];
  readonly readsFiles: boolean;
  readonly ofVariants: readonly string[] | null;
  readonly why: readonly { readonly unit: string; readonly why: string }[];
};

export type Interpreters = {
  /** null: it cannot be started, or is no Python 3. */
  find(binary: string): Promise<Interpreter | null>;
  close(): void;
};

const SCRIPT = fileURLToPath(new URL('../../../python/expgraph_imports.py', import.meta.url));
/** An interpreter starts in a tenth of a second; one that says nothing for so long never will. */
const PATIENCE_MS = 15_000;
const MAX_KNOWN = 5_000;

/** Both live as long as the program: a second look at a manifest, and each round of `watch`, start nothing. */
const abouts = new Map<string, Interpreter['about']>();
const known = new Map<string, PythonImports>();
const reached = new Map<string, ReachAnswer | null>();
const MAX_REACHED = 20;

export function makeInterpreters(input: {
  /** Absolute: where programs start, and what `os.getcwd()` is. */
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
  /** Of earlier starts; null = there is none. */
  readonly memory: PythonMemory | null;
}): Interpreters {
  const found = new Map<string, Promise<Interpreter | null>>();
  const identities = new Map<string, string | null>();
  const processes = new Map<string, Talk>();
  const talkTo = (binary: string): Talk => {
    let talk = processes.get(binary);
    if (!talk) {
      talk = startTalk({ binary, ...input });
      processes.set(binary, talk);
    }
    return talk;
  };
  return {
    find(binary) {
      let interpreter = found.get(binary);
      if (!interpreter) {
        const hello = () =>
          remembered(
            binary,
            ['about'],
            () => talkTo(binary).hello,
            (said) => said,
          );
        interpreter = aboutOf(binary, hello).then(
          (about) => about && { about, read: reader(binary), reach: reacher(binary) },
        );
        found.set(binary, interpreter);
      }
      return interpreter;
    },
    close() {
      for (const talk of processes.values()) talk.close();
      processes.clear();
      found.clear();
    },
  };

  function lose(binary: string): void {
    // The next file is asked of a new one.
    processes.get(binary)?.close();
    processes.delete(binary);
  }

  /** What an earlier start was told, else what is said now. @param kept what of it may be kept; null = nothing */
  async function remembered(
    binary: string,
    asked: readonly unknown[],
    ask: () => Promise<unknown>,
    kept: (said: unknown) => unknown,
  ): Promise<unknown> {
    if (!identities.has(binary)) identities.set(binary, identityOf(binary));
    const identity = identities.get(binary);
    if (input.memory === null || identity === null) return ask();
    const key = sha256(JSON.stringify([identity, input.folder, ...asked]));
    const before = input.memory.get(key);
    if (before !== undefined) return before;
    const said = await ask();
    const value = said === null ? null : kept(said);
    if (value !== null) input.memory.set(key, value as object);
    return said;
  }

  function reacher(binary: string): Interpreter['reach'] {
    return async ({ files, variants, source, seen }) => {
      const names = files.map(({ path, digest, start }) => [path, digest, start]);
      const key = JSON.stringify([binary, variants, source, seen, names]);
      const before = reached.get(key);
      if (before !== undefined) return before;
      const bytes = () => files.map((file) => ({ ...file, bytes: file.bytes.toString('base64') }));
      const ask = () => talkTo(binary).ask({ reach: { files: bytes(), variants, source, seen } });
      // An exception may be the moment's, as where memory was short.
      const said = await remembered(binary, ['reach', variants, source, seen, names], ask, (answer) =>
        (answer as { error?: string }).error === undefined ? answer : null,
      );
      if (said === null) lose(binary);
      const answer = said as (ReachAnswer & { readonly error?: string }) | null;
      const found = answer?.counts === undefined ? null : answer;
      if (reached.size >= MAX_REACHED) reached.clear();
      reached.set(key, found);
      return found;
    };
  }

  function reader(binary: string): Interpreter['read'] {
    return async ({ file, bytes, digest }) => {
      const key = JSON.stringify([binary, input.folder, file, digest]);
      const before = known.get(key);
      if (before) return before;
      const ask = () => talkTo(binary).ask({ file, bytes: bytes.toString('base64') });
      const said = await remembered(binary, ['imports', file, digest], ask, (answer) => answer);
      if (said === null) {
        lose(binary);
        return null;
      }
      const imports = { ...NOTHING, ...(said as Partial<PythonImports>) };
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(key, imports);
      return imports;
    };
  }
}

const NOTHING: PythonImports = {
  imports: [],
  maybe: [],
  open: [],
  prefixes: [],
  paths: [],
  unknownPaths: [],
  files: [],
  words: [],
  plugins: [],
  all: null,
  error: null,
};

async function aboutOf(binary: string, hello: () => Promise<unknown>): Promise<Interpreter['about'] | null> {
  const before = abouts.get(binary);
  if (before) return before;
  const said = (await hello()) as {
    readonly version: readonly [number, number];
    readonly prefix: string;
    readonly stdlib: readonly string[];
  } | null;
  if (said === null || said.version[0] < 3) return null;
  const about = { ...said, stdlib: new Set(said.stdlib) };
  abouts.set(binary, about);
  return about;
}

type Talk = {
  /** null = it ended, was silent, or said something else. */
  readonly hello: Promise<unknown>;
  ask(of: object): Promise<unknown>;
  close(): void;
};

function startTalk(context: {
  readonly binary: string;
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
}): Talk {
  const waiting: ((said: unknown) => void)[] = [];
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const answer of waiting.splice(0)) answer(null);
  };
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(
    context.binary,
    ['-I', '-S', '-B', SCRIPT, context.folder],
    { cwd: context.folder, env: context.env, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  child.on('error', end);
  child.on('close', end);
  child.stdin.on('error', () => {});
  const close = (): void => {
    child.kill('SIGKILL');
    end();
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = parseJson(line);
    if (said === undefined) close();
    else waiting.shift()?.(said);
  });
  const next = (): Promise<unknown> => {
    if (isOver) return Promise.resolve(null);
    const timer = setTimeout(close, PATIENCE_MS);
    return new Promise((resolve) => waiting.push(resolve)).finally(() => clearTimeout(timer));
  };
  return {
    hello: next(),
    ask(asked) {
      const answer = next();
      if (!isOver) child.stdin.write(`${JSON.stringify({ id: 0, ...asked })}\n`);
      return answer;
    },
    close,
  };
}
