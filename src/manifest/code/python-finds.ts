// Whether Python finds a module that we found nowhere: it is asked itself, and only then is an import called a mistake.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Env } from '../../core/env.ts';

/** Finding a module of the top level runs nothing of it. */
const ASK = `import sys, json, importlib.util
names, roots = json.loads(sys.argv[1])
sys.path[:0] = roots
def gone(name):
    try:
        return importlib.util.find_spec(name) is None
    except Exception:
        return False
print(json.dumps([name for name in names if gone(name)]))`;

const PATIENCE_MS = 10_000;

/** Of the names, those that this interpreter does not find; none where it cannot be asked. */
export function notFound(input: {
  readonly binary: string;
  readonly folder: string;
  readonly env: Env;
  readonly names: readonly string[];
  readonly roots: readonly string[];
}): ReadonlySet<string> {
  const { binary, folder, env, names, roots } = input;
  const given = { PATH: env.PATH ?? '', HOME: env.HOME ?? '', LANG: 'C.UTF-8' };
  // -E: a sitecustomize of the project is not run.
  const args = [
    '-E',
    '-B',
    '-c',
    ASK,
    JSON.stringify([names, [folder, ...roots].map((one) => path.resolve(one))]),
  ];
  const said = spawnSync(binary, args, { cwd: folder, env: given, timeout: PATIENCE_MS, encoding: 'utf8' });
  try {
    return new Set(JSON.parse(said.stdout.trim()) as readonly string[]);
  } catch {
    return new Set();
  }
}

/** Where a module is imported first; the words of the statement are looked for, since Python told none of its places. */
export function importPlace(
  text: string,
  module: string,
): { readonly line: number; readonly column: number } {
  const name = module.replaceAll('.', '\\.');
  const statement = new RegExp(
    `^[ \\t]*(?:from[ \\t]+|import[ \\t]+(?:[\\w., \\t]*,[ \\t]*)?)(?=${name}\\b)`,
    'm',
  );
  const match = statement.exec(text);
  if (match === null) return { line: 1, column: 1 };
  const before = text.slice(0, match.index + match[0].length);
  return { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
}
