// What pytest reads of a project before a test runs: its settings, every conftest.py, the files of tests.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { oncePerLoad, type Reading } from '../reading.ts';
import { filesBelow, isFileAt, isFolderAt } from './project-files.ts';

export type PytestFiles = {
  /** Absolute. */
  readonly files: readonly string[];
  readonly roots: readonly string[];
  /** Modules of plugins that were named. */
  readonly plugins: readonly string[];
  /** Files that count by their bytes. */
  readonly settings: readonly string[];
  /** Sections of files that hold the settings of other tools, too: name -> text. */
  readonly sections: ReadonlyMap<string, string>;
  /** Paths that are not there. */
  readonly absent: readonly string[];
};

type PytestWords = {
  /** As they are written; `file.py::test` as well. */
  readonly paths: readonly string[];
  /** Arguments, those of PYTEST_ADDOPTS among them. */
  readonly args: readonly string[];
};

const foundOf = oncePerLoad(() => ({ found: new Map<string, PytestFiles>(), textOf: readOnce() }));

/** Looked for once in a load, for however many variants. */
export function pytestFiles(reading: Reading, { paths, args }: PytestWords): PytestFiles {
  const { found, textOf } = foundOf(reading);
  const key = JSON.stringify([paths, args]);
  let known = found.get(key);
  if (!known) {
    known = findPytestFiles({ folder: reading.folder, paths, args, textOf });
    found.set(key, known);
  }
  return known;
}

/** A file's text; null = it is not there. */
type TextOf = (file: string) => string | null;

function findPytestFiles(
  input: PytestWords & {
    /** Absolute: where pytest starts. */
    readonly folder: string;
    readonly textOf: TextOf;
  },
): PytestFiles {
  const { folder, args, textOf } = input;
  const sectionOf = (file: string): string => pytestPart(file, textOf(file));
  const named = args.filter(
    (word) => !word.startsWith('-') && existsSync(path.resolve(folder, pathOf(word))),
  );
  const asked = [...input.paths, ...named];
  // Named nothing, pytest looks everywhere below where it starts.
  const starts = (asked.length === 0 ? ['.'] : asked).map((shown) => path.resolve(folder, pathOf(shown)));
  const above = [...new Set(starts.flatMap((start) => foldersAbove(start, { folder, textOf })))];
  const written = optionOf(args, ['-c', '--config-file']).map((file) => path.resolve(folder, file));
  const whole = [...written, ...above.flatMap((at) => WHOLE.map((name) => path.join(at, name)))].filter(
    isFileAt,
  );
  const sections = new Map<string, string>();
  for (const file of above.flatMap((at) => SHARED.map((name) => path.join(at, name)))) {
    const text = sectionOf(file);
    if (text !== '') sections.set(`pytest in ${shownFrom(folder, file)}`, text);
  }
  const settings = [...whole.map((file) => ({ file, text: textOf(file) ?? '' }))];
  for (const file of above.flatMap((at) => SHARED.map((name) => path.join(at, name)))) {
    settings.push({ file, text: sectionOf(file) });
  }
  const isTest = testName(settings.flatMap(({ text }) => valuesOf(text, 'python_files')));
  const below = starts.flatMap((start) =>
    isFolderAt(start) ? filesBelow(start, /\.py$|^pytest\.ini$/) : [],
  );
  const isFound = (file: string): boolean =>
    path.basename(file) === 'conftest.py' || isTest(path.basename(file));
  const conftests = above.map((at) => path.join(at, 'conftest.py')).filter(isFileAt);
  const files = [...new Set([...conftests, ...starts.filter(isFileAt), ...below.filter(isFound)])];
  const addopts = settings.flatMap(({ text }) => valuesOf(text, 'addopts'));
  return {
    files,
    roots: [
      ...new Set([
        ...files.filter((file) => file.endsWith('.py')).map(rootOf),
        ...settings.flatMap(({ file, text }) =>
          valuesOf(text, 'pythonpath').map((root) => path.resolve(path.dirname(file), root)),
        ),
      ]),
    ],
    plugins: optionOf([...addopts, ...args], ['-p']).filter((name) => !name.startsWith('no:')),
    settings: [...whole, ...below.filter((file) => file.endsWith('.ini'))],
    sections,
    absent: input.paths.filter((shown) => !existsSync(path.resolve(folder, pathOf(shown)))),
  };
}

/** Absolute: where pytest looks that is started in the folder and named nothing; globs are left to it. */
export function testPathsOf(folder: string): readonly string[] {
  const textOf = readOnce();
  for (const at of foldersAbove(folder, { folder, textOf })) {
    const texts = [
      ...WHOLE.map((name) => textOf(path.join(at, name)) ?? ''),
      ...SHARED.map((name) => path.join(at, name)).map((file) => pytestPart(file, textOf(file))),
    ];
    const found = texts.map((text) => valuesOf(text, 'testpaths')).find((words) => words.length > 0);
    // pytest itself heeds them only where it is started in its root.
    if (found)
      return at === folder
        ? found.filter((one) => !/[*?[]/.test(one)).map((one) => path.resolve(at, one))
        : [];
  }
  return [];
}

/** All of the file is pytest's. */
const WHOLE = ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml'];
const SHARED = ['pyproject.toml', 'tox.ini', 'setup.cfg'];

function pathOf(word: string): string {
  return word.split('::')[0]!;
}

/**
 * From where a test lies up to the experiment's folder, and further as far as settings of pytest or a repository's root
 * are found: pytest's own "rootdir" may lie above us.
 */
function foldersAbove(
  start: string,
  { folder, textOf }: { readonly folder: string; readonly textOf: TextOf },
): readonly string[] {
  const found: string[] = [];
  for (let at = isFolderAt(start) ? start : path.dirname(start); ; at = path.dirname(at)) {
    found.push(at);
    if (at === path.dirname(at)) break;
  }
  const top = found.findLastIndex(
    (at) =>
      !path.relative(folder, at).startsWith('..') ||
      WHOLE.some((name) => isFileAt(path.join(at, name))) ||
      SHARED.map((name) => path.join(at, name)).some((file) => pytestPart(file, textOf(file)) !== ''),
  );
  return found.slice(0, top + 1);
}

/** Without `__init__.py` a test's folder is put on sys.path; with it, the folder above its outermost package. */
function rootOf(file: string): string {
  let at = path.dirname(file);
  while (isFileAt(path.join(at, '__init__.py')) && at !== path.dirname(at)) at = path.dirname(at);
  return at;
}

/** The part of a file that pytest reads: [pytest], [tool:pytest], [tool.pytest.ini_options]. */
function pytestPart(file: string, text: string | null): string {
  if (text === null || !text.includes('pytest')) return '';
  let isOurs = false;
  let isInText = false;
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const header = isInText ? null : /^\[+([^[\]"']+)\]+\s*(?:#.*)?$/.exec(line)?.[1]?.trim();
    if (header) isOurs = /^(?:tool[.:])?pytest(?:\.|$)/.test(header);
    if (isOurs) lines.push(line);
    // A header within three quotes is none.
    if (file.endsWith('.toml') && (line.match(/"""|'''/g) ?? []).length % 2 === 1) isInText = !isInText;
  }
  return lines.join('\n').trimEnd();
}

/** Values of a setting, as words: `name = a b`, continued lines, and a list of TOML. */
function valuesOf(text: string, name: string): readonly string[] {
  const found =
    new RegExp(`^${name}\\s*=\\s*(\\[[^\\]]*\\]|.*(?:\\r?\\n[ \\t]+.*)*)`, 'm').exec(text)?.[1] ?? '';
  const words = found.replace(/^\[|\]$/g, '').replace(/#.*$/gm, '');
  return words.split(/[\s,"']+/).filter((word) => word !== '');
}

/** `-p name`, `-pname`, `--name=value`. */
function optionOf(words: readonly string[], names: readonly string[]): readonly string[] {
  return words.flatMap((word, n) => {
    if (names.includes(word)) return words[n + 1] ?? [];
    const short = names.find((name) => /^-\w$/.test(name) && word.startsWith(name));
    const long = names.find((name) => word.startsWith(`${name}=`));
    return long ? word.slice(long.length + 1) : short ? word.slice(short.length) : [];
  });
}

function testName(patterns: readonly string[]): (name: string) => boolean {
  const written = patterns.length === 0 ? ['test_*.py', '*_test.py'] : patterns;
  const tests = written.map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split('/')
          .at(-1)!
          .replace(/[.+^${}()|\\]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('?', '.')}$`,
      ),
  );
  return (name) => tests.some((test) => test.test(name));
}

function shownFrom(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}

function readOnce(): TextOf {
  const texts = new Map<string, string | null>();
  return (file) => {
    let text = texts.get(file);
    if (text === undefined) {
      text = readText(file);
      texts.set(file, text);
    }
    return text;
  };
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
