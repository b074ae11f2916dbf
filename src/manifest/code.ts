// What code consists of, for each kind of harness: its files by digest, and what it names of what is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Code } from '../core/harness.ts';
import { type ReadCode, sorted } from './code-list.ts';
import { reportRead } from './document.ts';
import type { JsonPath } from './place.ts';
import { checkFile } from './read.ts';
import { type Reading, say } from './reading.ts';

export type CodeReader = {
  module(file: string, at: JsonPath): Promise<Code>;
  /** Words of a command that are files of the project are what it runs. */
  command(argv: readonly string[], at: JsonPath): Promise<Code>;
  pytest(of: { readonly paths: readonly string[]; readonly python: string }, at: JsonPath): Promise<Code>;
};

const NOTHING: Code = { files: [], packages: [] };

export function makeCodeReader(reading: Reading): CodeReader {
  const { folder, findings } = reading;
  const read = makeRead(findings.reads);

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

  async function js(file: string, at: JsonPath): Promise<Code> {
    const { jsClosure } = await import('./closure-js.ts');
    const { code, problems } = await jsClosure(file, { folder, read });
    for (const problem of problems) {
      const message = `${problem.file}, which it imports or is, ${problem.message}`;
      say(reading, { path: at, code: 'bad-code', message });
    }
    return code;
  }

  async function python(entries: readonly string[], interpreter: string): Promise<Code> {
    const { pythonClosure, sitePackagesOf } = await import('./closure-python.ts');
    const closure = pythonClosure(entries, {
      ...{ folder, read, roots: [folder, path.join(folder, 'src')] },
      sitePackages: sitePackagesOf({ python: interpreter, folder, env: reading.env }),
    });
    const files = new Map(
      [...closure.files].map(([file, digest]) => [path.relative(folder, file).replaceAll('\\', '/'), digest]),
    );
    return sorted(files, closure.packages);
  }

  return {
    async module(shown, at) {
      const file = entry(shown, at);
      return file === null ? NOTHING : js(file, at);
    },
    async command(argv, at) {
      const found: Code[] = [];
      for (const [n, word] of argv.entries()) {
        const file = fileOf(word, { before: argv[n - 1] ?? '', folder });
        if (file === null) continue;
        if (/\.pyw?$/.test(file)) found.push(await python([file], argv[0]!));
        else if (/\.[cm]?[jt]s$/.test(file)) found.push(await js(file, [...at, n]));
        else {
          found.push(sorted(new Map([[path.relative(folder, file), read(file).digest]]), new Map()));
        }
      }
      return merged(found);
    },
    async pytest({ paths, python: interpreter }, at) {
      const entries = paths.flatMap((shown) => testFiles(shown, { folder }));
      const absent = paths.filter((shown) => !existsSync(path.resolve(folder, shown)));
      for (const shown of absent) {
        say(reading, { path: at, code: 'no-file', message: `there is no ${JSON.stringify(shown)}` });
      }
      if (absent.length === 0 && entries.length === 0) {
        say(reading, {
          path: at,
          code: 'no-file',
          message: 'no file of tests is there (test_*.py, *_test.py)',
        });
      }
      return python(entries, interpreter);
    },
  };
}

const MAX_CODE_BYTES = 50_000_000;

/** Each file is read and hashed once, whoever imports it. */
function makeRead(noted: (file: string) => void): ReadCode {
  const known = new Map<string, ReturnType<ReadCode>>();
  return (file) => {
    let found = known.get(file);
    if (!found) {
      noted(file);
      const bytes = readFileSync(file);
      found = { bytes, digest: createHash('sha256').update(bytes).digest('hex') };
      known.set(file, found);
    }
    return found;
  };
}

/** `harness.py`, or the file behind `-m harness`; null = a word and no file. */
function fileOf(word: string, at: { readonly before: string; readonly folder: string }): string | null {
  const names =
    at.before === '-m'
      ? [`${word.replaceAll('.', '/')}.py`, `${word.replaceAll('.', '/')}/__main__.py`]
      : word.startsWith('-') || word === ''
        ? []
        : [word];
  for (const name of names) {
    const file = path.resolve(at.folder, name);
    const inside = !path.relative(at.folder, file).startsWith('..');
    if (inside && statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  }
  return null;
}

function merged(codes: readonly Code[]): Code {
  return sorted(
    new Map(codes.flatMap(({ files }) => files.map((file) => [file.path, file.digest] as const))),
    new Map(codes.flatMap(({ packages }) => packages.map((one) => [one.name, one.version] as const))),
  );
}

const TEST_FILE = /^(?:test_.*|.*_test|conftest)\.py$/;
/** pytest reads these as code reads its modules. */
const CONFIG = ['conftest.py', 'pytest.ini'];

function testFiles(shown: string, { folder }: { readonly folder: string }): readonly string[] {
  const start = path.resolve(folder, shown.split('::')[0]!);
  const above: string[] = [];
  for (let at = path.dirname(start); !path.relative(folder, at).startsWith('..'); at = path.dirname(at)) {
    above.push(...CONFIG.map((name) => path.join(at, name)).filter((file) => existsSync(file)));
    if (at === path.dirname(at)) break;
  }
  return [...above, ...testsUnder(start)];
}

function testsUnder(start: string): readonly string[] {
  const stat = statSync(start, { throwIfNoEntry: false });
  if (stat?.isFile()) return [start];
  if (!stat?.isDirectory()) return [];
  return readdirSync(start, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && (TEST_FILE.test(entry.name) || entry.name === 'pytest.ini'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/[\\/](?:node_modules|site-packages|__pycache__|\.venv|\.git)[\\/]/.test(file))
    .sort();
}
