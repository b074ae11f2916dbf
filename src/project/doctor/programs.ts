// Whether the programs that variants name are there: interpreters, pytest, MCP servers. Started, asked, ended.

import { startLimit } from '../../core/limit.ts';
import type { Variant } from '../../core/manifest.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

export type Found = { readonly name: string; readonly problem: string | null; readonly found: string };

const PROBE_MS = 15_000;

export function programsOf(io: World, { manifest }: Experiment): Promise<readonly Found[]> {
  return io.interrupts.whilePrograms((signal) => lookAtAll({ io, manifest, signal }));
}

type Looking = { readonly io: World; readonly signal: AbortSignal };

async function lookAtAll(
  input: Looking & { readonly manifest: Experiment['manifest'] },
): Promise<readonly Found[]> {
  const { manifest } = input;
  const found: Found[] = [];
  for (const variant of manifest.variants) {
    input.signal.throwIfAborted();
    const one = await lookAt(input, variant, manifest.folder);
    if (one && !found.some((other) => other.name === one.name && other.found === one.found)) found.push(one);
  }
  return found;
}

async function lookAt(
  input: Looking,
  { name, harness, mcp }: Variant,
  folder: string,
): Promise<Found | null> {
  const { io, signal } = input;
  if (harness?.kind === 'command') {
    const file = harness.argv[0]!;
    const where = await findProgram(file, { folder, searched: io.env.PATH ?? '' });
    const problem = where === null ? 'it is neither in PATH nor a file here' : null;
    return { name: `command of ${name}`, found: where ?? file, problem };
  }
  if (harness?.kind === 'pytest') return lookAtPytest(input, harness.python, folder);
  if (mcp) {
    const { connectMcp, nameOf, refusalOf } = await import('../../providers/mcp.ts');
    const what = { name: `MCP of ${name}`, found: nameOf(mcp) };
    try {
      const { env, clock } = io;
      const session = await connectMcp({ server: mcp, folder, env, clock, signal, timeoutMs: PROBE_MS });
      const { seen, refused } = await session.describe().finally(() => session.close());
      const found = `${seen.name} ${seen.version}, ${seen.tools.length} tools`;
      return { ...what, found, problem: refusalOf(mcp, refused) };
    } catch (error) {
      return { ...what, problem: (error as Error).message };
    }
  }
  return null;
}

async function lookAtPytest({ io, signal }: Looking, python: string, folder: string): Promise<Found> {
  const { startProcess, strictEnv } = await import('../../providers/spawn.ts');
  let said = '';
  const keep = (text: string): void => {
    said = (said + text).slice(-2_000);
  };
  const child = startProcess({
    argv: [python, '-m', 'pytest', '--version'],
    cwd: folder,
    onOutput: keep,
    onErrors: keep,
    env: strictEnv(io.env, { set: {}, pass: [] }),
    signal,
  });
  const limit = startLimit(io.clock, PROBE_MS, child.kill);
  child.endInput();
  const { exitCode, problem } = await child.ended;
  limit.cancel();
  const words = said.trim().split('\n').at(-1)!;
  const isThere = problem === null && exitCode === 0;
  return { name: 'pytest', found: `${python}: ${words}`, problem: isThere ? null : (problem ?? words) };
}

async function findProgram(
  file: string,
  input: { readonly folder: string; readonly searched: string },
): Promise<string | null> {
  const [{ default: path }, { accessSync, constants }] = await Promise.all([
    import('node:path'),
    import('node:fs'),
  ]);
  const places = file.includes('/')
    ? [path.resolve(input.folder, file)]
    : input.searched.split(path.delimiter).map((folder) => path.join(folder, file));
  for (const place of places) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch {
      // The next one.
    }
  }
  return null;
}
