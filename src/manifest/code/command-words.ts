// What the words of a command run: scripts, modules, code that is written out. By the rules of Python's, Node's and a
// shell's own command lines, behind whatever starts them (`uv run`, `env`, `npx`).
import { closeSync, openSync, readSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { filesBelow, isFileAt, isFolderAt, JS_FILE, PYTHON_FILE } from './project-files.ts';

export type Part =
  | {
      readonly kind: 'python';
      /** The word that starts it. */
      readonly binary: string;
      readonly isOwn: boolean;
      readonly files: readonly string[];
      readonly modules: readonly { readonly name: string; readonly isMain: boolean }[];
      readonly texts: readonly string[];
      readonly maybe: readonly string[];
      readonly roots: readonly string[];
    }
  | {
      readonly kind: 'js';
      readonly isNode: boolean;
      readonly conditions: readonly string[];
      readonly entries: readonly string[];
      readonly texts: readonly string[];
    }
  | {
      readonly kind: 'pytest';
      readonly binary: string;
      readonly paths: readonly string[];
      readonly args: readonly string[];
    }
  /** `file`: absolute, whose text it is; null = it stands in the command. */
  | { readonly kind: 'shell'; readonly file: string | null; readonly text: string }
  /** `npm run name` */
  | { readonly kind: 'script'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string };

export type WordsAt = {
  /** Absolute: the first is where the program starts. */
  readonly bases: readonly string[];
  /** Absolute, of PYTHONPATH. */
  readonly pythonPath: readonly string[];
  /** Only what looks like code counts: the words are those of a script, or of code that starts programs. */
  readonly isGuess: boolean;
};

const PYTHON = /^(?:python|pypy)(?:\d(?:\.\d+)?)?(?:\.exe)?$/;
const NODE = /^node(?:js)?(?:\.exe)?$/;
const OTHER_JS = /^(?:tsx|ts-node|ts-node-esm|bun|deno|vite-node|esno|jiti|babel-node|swc-node)$/;
const SHELL = /^(?:ba|z|da|k|a)?sh$/;
const PYTEST = /^(?:pytest|py\.test)$/;
const NPM = /^(?:npm|pnpm|yarn|bun)$/;
/** What may stand before an interpreter without choosing another. */
const PLAIN_START = /^(?:env|nice|time|nohup|exec|[A-Za-z_]\w*=.*)$/s;
const SHELL_FILE = /\.(?:sh|bash|zsh|ksh)$/;
const CODE_FILE = /\.(?:pyw?|[cm]?[jt]sx?|sh|bash|zsh|ksh|rb|pl|php|lua|r|R|jl|go|rs|java|scala|ps1)$/;

export function partsOf(argv: readonly string[], input: WordsAt): readonly Part[] {
  const parts: Part[] = [];
  const start = input.bases[0]!;
  let python: { readonly word: string; readonly isOwn: boolean } | null = null;
  let isNode = true;
  for (let n = 0; n < argv.length; n++) {
    const word = argv[n]!;
    const name = path.basename(word);
    if (PYTHON.test(name) && python === null) {
      python = { word, isOwn: argv.slice(0, n).every((one) => PLAIN_START.test(one)) };
      n = readPython(n);
    } else if (PYTEST.test(name) && parts.length === 0) {
      parts.push({ kind: 'pytest', binary: python?.word ?? 'python3', paths: [], args: argv.slice(n + 1) });
      break;
    } else if (NODE.test(name)) n = readNode(n);
    else if (OTHER_JS.test(name)) isNode = false;
    else if (SHELL.test(name)) {
      const text = argv.slice(n + 1).findIndex((one) => /^-\w*c$/.test(one));
      if (text >= 0 && argv[n + text + 2] !== undefined) {
        parts.push({ kind: 'shell', file: null, text: argv[n + text + 2]! });
        n += text + 2;
      } else {
        while (argv[n + 1]?.startsWith('-')) n++;
        const file = place(argv[n + 1] ?? '');
        if (file !== null && isFileAt(file)) {
          parts.push({ kind: 'shell', file, text: '' });
          n++;
        }
      }
    } else readWord(n);
    if (NPM.test(name)) parts.push(...scriptsOf(argv.slice(n + 1)));
  }
  return parts;

  /** @returns the place of the last word that was understood */
  function readPython(at_: number): number {
    let n = at_ + 1;
    for (; n < argv.length; n++) {
      const word = argv[n]!;
      const clustered = /^-[bBdEhiIOPqsSuvVx?]*([cm])(.*)$/s.exec(word);
      if (clustered) {
        const [, letter, rest] = clustered;
        const given = rest === '' ? argv[++n] : rest;
        if (given === undefined) return n;
        if (letter === 'c') parts.push(ofPython({ texts: [given], roots: [start] }));
        else if (PYTEST.test(given)) {
          parts.push({ kind: 'pytest', binary: python!.word, paths: [], args: argv.slice(n + 1) });
          return argv.length;
        } else if (given === 'unittest') {
          // It looks for tests by itself, in ways of its own.
          parts.push(ofPython({ files: filesBelow(start, PYTHON_FILE), roots: [start] }));
        } else parts.push(ofPython({ modules: [{ name: given, isMain: true }], roots: [start] }));
        return n;
      }
      if (['-W', '-X', '--check-hash-based-pycs'].includes(word)) n++;
      else if (!word.startsWith('-')) {
        const found = place(word);
        if (found === null) return n;
        const main = isFolderAt(found) ? path.join(found, '__main__.py') : found;
        // Of a script that is a link, the folder where it truly lies is searched.
        const roots = [...new Set([realpathSync(found), found])].map((one) =>
          isFolderAt(one) ? one : path.dirname(one),
        );
        if (isFileAt(main)) parts.push(ofPython({ files: [main], roots }));
        return n;
      }
    }
    return n;
  }

  function ofPython(
    context: Partial<Extract<Part, { kind: 'python' }>> & { readonly roots: readonly string[] },
  ): Part {
    const { word, isOwn } = python ?? { word: 'python3', isOwn: false };
    return {
      kind: 'python',
      binary: word,
      isOwn,
      files: [],
      modules: [],
      texts: [],
      maybe: [],
      ...context,
      roots: [...context.roots, ...input.pythonPath],
    };
  }

  function readNode(at_: number): number {
    isNode = true;
    const made = { entries: [] as string[], texts: [] as string[], conditions: [] as string[] };
    let n = at_ + 1;
    for (; n < argv.length; n++) {
      const [option, ...rest] = argv[n]!.split('=');
      const given = (): string => (rest.length > 0 ? rest.join('=') : (argv[++n] ?? ''));
      if (PRELOADS.has(option!)) made.entries.push(given());
      else if (['-C', '--conditions'].includes(option!)) made.conditions.push(given());
      else if (/^(?:-e|-p|-pe|--eval|--print)$/.test(option!)) made.texts.push(given());
      else if (option === '--run') parts.push({ kind: 'script', name: given() });
      else if (option!.startsWith('-') && rest.length > 0) readWord(n);
      else if (!option!.startsWith('-') && made.texts.length === 0) {
        made.entries.push(/^(?:\.{0,2}\/)/.test(argv[n]!) ? argv[n]! : `./${argv[n]}`);
        break;
      } else if (!option!.startsWith('-')) break;
    }
    if (made.entries.length + made.texts.length > 0) parts.push({ kind: 'js', isNode: true, ...made });
    return n;
  }

  function readWord(n: number): void {
    const word = argv[n]!;
    if (python !== null && argv[n - 1] === '-m') {
      parts.push(ofPython({ modules: [{ name: word, isMain: true }], roots: [start] }));
      return;
    }
    const value = /^--?[\w-]+=(.+)$/s.exec(word)?.[1];
    if (word.startsWith('-') && value === undefined) return;
    const named = value ?? word;
    const file = place(named);
    if (file === null || !isFileAt(file)) {
      const module = /^([A-Za-z_]\w*(?:\.\w+)*)(?::[\w.]+)?$/.exec(named)?.[1];
      if (module !== undefined && (python !== null || named.includes(':'))) {
        parts.push(ofPython({ maybe: [module], roots: [start] }));
      }
      return;
    }
    // A program that is found by PATH is no file of the project's.
    if (n === 0 && !input.isGuess && (!word.includes('/') || (path.isAbsolute(word) && !isInside(file))))
      return;
    if (input.isGuess && !CODE_FILE.test(file) && !interpreterOf(file)) return;
    parts.push(partOfFile(file, { isNode, ofPython }));
  }

  function place(word: string): string | null {
    if (word === '' || word.includes('\0')) return null;
    const found = input.bases
      .map((base) => path.resolve(base, word))
      .find((one) => isFileAt(one) || isFolderAt(one));
    return found ?? null;
  }

  function isInside(file: string): boolean {
    return !path.relative(start, file).startsWith('..');
  }
}

const PRELOADS = new Set(['-r', '--require', '--import', '--loader', '--experimental-loader']);

function partOfFile(
  file: string,
  input: {
    readonly isNode: boolean;
    readonly ofPython: (made: { files: string[]; roots: string[] }) => Part;
  },
): Part {
  const by = interpreterOf(file) ?? '';
  if (PYTHON_FILE.test(file) || PYTHON.test(by))
    return input.ofPython({ files: [file], roots: [path.dirname(file)] });
  if (JS_FILE.test(file))
    return { kind: 'js', isNode: input.isNode, conditions: [], entries: [file], texts: [] };
  if (NODE.test(by) || OTHER_JS.test(by)) {
    return { kind: 'js', isNode: NODE.test(by), conditions: [], entries: [file], texts: [] };
  }
  if (SHELL_FILE.test(file) || SHELL.test(by)) return { kind: 'shell', file, text: '' };
  return { kind: 'file', file };
}

const MAX_SHEBANG_BYTES = 200;

/** The name after `#!`, past `env` and its options; null = there is none. */
function interpreterOf(file: string): string | null {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_SHEBANG_BYTES);
    const text = bytes.toString('latin1', 0, readSync(handle, bytes));
    const words = /^#!\s*(.*)/.exec(text)?.[1]?.split(/\s+/) ?? [];
    const named = words
      .map((word) => path.basename(word))
      .find((word) => word !== 'env' && !/^-|=/.test(word));
    return named ?? null;
  } finally {
    closeSync(handle);
  }
}

/** `npm run x`, `npm start`, `yarn x`. */
function scriptsOf(words: readonly string[]): readonly Part[] {
  const named = words.filter((word) => !word.startsWith('-'));
  const name = named[0] === 'run' || named[0] === 'run-script' ? named[1] : named[0];
  return name === undefined ? [] : [{ kind: 'script', name }];
}
