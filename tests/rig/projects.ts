// Which project of vitest a test file belongs to. What starts processes is told by what it imports, so that no list has to
// be kept: a test that asks the program only for its output is a unit test by itself.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type Project = 'unit' | 'e2e' | 'torture';

/** Beside these a test starts the program, a terminal, pytest, a browser, Redis, npm: seconds, and the built code. */
const STARTERS =
  /^(node:child_process|execa|playwright-core)$|\/rig\/(program|python|python-env|pty-bridge|chromium)\.ts$/;
const IMPORTS = /^(?:import|export)\s+(?!type\b)[^;]*?\bfrom '([^']+)';|^import '([^']+)';/gm;

/** Test files by project, relative to the root, sorted. */
export function projectsOf(root: string): Readonly<Record<Project, readonly string[]>> {
  const projects: Record<Project, string[]> = { unit: [], e2e: [], torture: [] };
  const starts = makeStarts(root);
  const files = globSync('tests/**/*.test.ts', { cwd: root }).map((file) => file.split(path.sep).join('/'));
  for (const file of files.sort()) projects[projectOf(root, { file, starts })].push(file);
  return projects;
}

function projectOf(
  root: string,
  { file, starts }: { readonly file: string; readonly starts: (file: string) => boolean },
): Project {
  // A row of the reliability table: `npm run torture` does it in full.
  if (importsOf(path.join(root, file)).some((name) => name.endsWith('/rig/row.ts'))) return 'torture';
  return starts(file) || saysSo(path.join(root, file)) ? 'e2e' : 'unit';
}

/** A test that takes seconds for another reason (threads of own code, MCP servers, simulations) says so: `@project e2e: why`. */
function saysSo(file: string): boolean {
  return /^\/\/.*@project e2e\b/m.test(readFileSync(file, 'utf8').slice(0, 600));
}

/** Whether a file starts processes, or imports a file of the tests that does. */
function makeStarts(root: string): (file: string) => boolean {
  const known = new Map<string, boolean>();
  const starts = (file: string): boolean => {
    const before = known.get(file);
    if (before !== undefined) return before;
    // Circles of tests' own files would end here.
    known.set(file, false);
    const found = importsOf(path.join(root, file)).some((name) => {
      const to = name.startsWith('.') ? path.posix.join(path.posix.dirname(file), name) : name;
      if (STARTERS.test(`/${to}`) || STARTERS.test(to)) return true;
      return to.startsWith('tests/') && to.endsWith('.ts') && starts(to);
    });
    known.set(file, found);
    return found;
  };
  return starts;
}

function importsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORTS)].map(([, from, bare]) => from ?? bare!);
}
