// What code consists of, for each kind of harness: its files by digest, and what it names of what is installed.
import path from 'node:path';
import type { Code, ProcessEnv, PytestReach } from '../../core/harness.ts';
import { reportRead } from '../documents/document.ts';
import { checkFile } from '../documents/read.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import type { ReachInput } from './pytest-reach.ts';

export type CodeReader = {
  module(file: string, at: JsonPath): Promise<Code>;
  /** What its words run, and the files of the project among them. */
  command(input: { readonly argv: readonly string[]; readonly env: ProcessEnv }): Promise<Code>;
  pytest(
    input: {
      readonly paths: readonly string[];
      readonly python: string;
      readonly args: readonly string[];
      readonly env: ProcessEnv;
    },
    at: JsonPath,
  ): Promise<Code>;
  /** Which definitions of the code one variant of the tests reaches; null = nobody can tell. */
  reach(input: ReachInput): Promise<PytestReach | null>;
};

const NO_ENV: ProcessEnv = { set: {}, pass: [] };
const MAX_CODE_BYTES = 50_000_000;

/** `inputs`: patterns that say what an import of an unknown name may be, beside the manifest's own. */
export function makeCodeReader(reading: Reading, inputs: readonly (string | undefined)[] = []): CodeReader {
  const { folder, findings } = reading;
  /** Arms of the same tests have the same code. */
  const tests = new Map<string, Promise<Code>>();

  /** Absolute, or null where it is no file that may be read; that was said. */
  function entry(shown: string, at: JsonPath): string | null {
    const file = path.resolve(folder, shown);
    const opening = {
      file,
      shown,
      folder,
      findings,
      maxBytes: MAX_CODE_BYTES,
      namedAt: () => reading.document.locate({ path: at, part: 'value' }),
    };
    const checked = checkFile(opening);
    if (checked.kind === 'ok') return file;
    findings.reads(file);
    reportRead(opening, checked.error);
    return null;
  }

  return {
    async module(shown, at) {
      const file = entry(shown, at);
      if (file === null) return { files: [], packages: [] };
      const { gather } = await import('./code-gather.ts');
      const part = { kind: 'js', isNode: true, conditions: [], entries: [file], texts: [] } as const;
      return gather([part], { reading, inputs, env: NO_ENV });
    },
    async command({ argv, env }) {
      const [{ gather }, { partsOf }, { pythonPathOf, wordsIn }] = await Promise.all([
        import('./code-gather.ts'),
        import('./command-words.ts'),
        import('./code-reads.ts'),
      ]);
      const at = { bases: [folder], pythonPath: pythonPathOf(env, reading, argv), isGuess: false };
      const options = wordsIn('NODE_OPTIONS', env, reading);
      const preloads = options.length === 0 ? [] : partsOf(['node', ...options], at);
      return gather([...partsOf(argv, at), ...preloads], { reading, inputs, env });
    },
    async pytest({ paths, python, args, env }, at) {
      const [{ gather }, { pytestFiles }] = await Promise.all([
        import('./code-gather.ts'),
        import('./pytest-files.ts'),
      ]);
      const { absent, files } = pytestFiles(reading, { paths, args });
      for (const shown of absent) {
        say(reading, { path: at, code: 'no-file', message: `there is no ${JSON.stringify(shown)}` });
      }
      if (absent.length === 0 && files.length === 0) {
        const message = 'no file of tests is there (test_*.py, *_test.py)';
        say(reading, { path: at, code: 'no-file', message });
      }
      const key = JSON.stringify([paths, python, args, env]);
      const found =
        tests.get(key) ?? gather([{ kind: 'pytest', binary: python, paths, args }], { reading, inputs, env });
      tests.set(key, found);
      return found;
    },
    async reach(of) {
      const { reachOf } = await import('./pytest-reach.ts');
      return reachOf(of, reading);
    },
  };
}
