// Before anything is planned for real: preparation steps that are not up to date are run, and MCP servers are asked what
// they offer. Loaded only where a manifest has either.
import path from 'node:path';
import { layoutOf } from '../../cache/disk/layout.ts';
import { setAside } from '../../cache/disk/quarantine.ts';
import type { PrepareStep } from '../../core/harness.ts';
import { startLimit } from '../../core/limit.ts';
import type { Manifest } from '../../core/manifest.ts';
import type { Redact } from '../../core/redact.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { openReads } from '../../providers/reads.ts';
import { CommandError } from './command-error.ts';
import { isStrict, undeclaredOfStep } from './declared-inputs.ts';
import {
  isPrepared,
  KNOWN_FILE,
  type Known,
  madeDigest,
  mcpDigest,
  readKnown,
  stepDigest,
  writeKnown,
} from './discovered.ts';
import { stampOf } from './stamp.ts';
import { askSurveys, hasPytest } from './survey.ts';
import { note, type World } from './world.ts';

const MCP_TIMEOUT_MS = 30_000;

export type ReadyInput = {
  readonly io: World;
  /** Reads the manifest again: a step has made what counts. */
  readonly reload: () => Promise<Manifest>;
  readonly root: string;
  readonly redact: Redact;
};

type Asked = ReadyInput & { readonly signal: AbortSignal };

/** @throws CommandError where a step fails, a server does not answer or pytest cannot collect; nothing was started then. */
export async function makeReady(manifest: Manifest, input: ReadyInput): Promise<Manifest> {
  const prepared = await input.io.interrupts.whilePrograms((signal) =>
    prepare(manifest, { ...input, signal }),
  );
  return hasPytest(prepared) ? askSurveys(prepared, input) : prepared;
}

async function prepare(manifest: Manifest, input: Asked): Promise<Manifest> {
  let known = takeKnown(input);
  let current = manifest;
  for (let n = 0; n < manifest.prepare.length; n++) {
    const step = current.prepare[n]!;
    if (isPrepared(step, known)) continue;
    const stamps = stampsOf(step, manifest.folder);
    const read = await runStep({ ...input, step, folder: manifest.folder });
    current = await input.reload();
    const done = current.prepare[n]!;
    tellUndeclared(current, { io: input.io, step: done, read });
    if (done.made.length === 0) {
      throw new CommandError(
        `${words(step)} has made nothing: no file matches its outputs (${step.outputs.join(', ')})`,
      );
    }
    // What it read is as before it ran: a step whose input was written meanwhile, by itself or another, is not up to date.
    const made = new Set(done.made.map((file) => file.path));
    const moved = [...stampsOf(step, manifest.folder)].find(
      ([name, stamp]) => stamp !== stamps.get(name) && !made.has(name),
    );
    if (moved === undefined) {
      known = { ...known, prepared: { ...known.prepared, [stepDigest(step)]: madeDigest(done) } };
      writeKnown(input.root, known);
    } else {
      note(
        input.io,
        `${words(step)} (prepare): ${moved[0]} was written while it ran; the next run prepares again`,
      );
    }
  }
  return askServers(current, { ...input, known });
}

/** How each file stands that it is made from. */
function stampsOf(step: PrepareStep, folder: string): ReadonlyMap<string, string | null> {
  const files = [...step.inputs, ...step.code.files];
  return new Map(files.map((file) => [file.path, stampOf(path.join(folder, file.path))]));
}

/** @throws CommandError where inputs are strict: what was made is not known to be up to date. */
function tellUndeclared(
  manifest: Manifest,
  input: { readonly io: World; readonly step: PrepareStep; readonly read: readonly string[] },
): void {
  const why = undeclaredOfStep(manifest, input);
  if (why === null) return;
  if (isStrict(input.io, manifest)) throw new CommandError(`${why} (strict_inputs); nothing was started`);
  note(input.io, why);
}

/** Under the lock: a file that is not to be trusted is set aside, and what it said is found out anew. */
function takeKnown({ io, root }: ReadyInput): Known {
  const { known, problem } = readKnown(root);
  if (problem === null) return known;
  const kept = setAside(layoutOf(root), path.join(root, KNOWN_FILE));
  const where = kept === null ? '' : `; it was moved to quarantine/${path.basename(kept)}`;
  note(io, `${problem}${where}, and what is missing is asked anew`);
  writeKnown(root, known);
  return known;
}

async function askServers(manifest: Manifest, input: Asked & { readonly known: Known }): Promise<Manifest> {
  const servers = new Map(manifest.variants.flatMap(({ mcp }) => (mcp ? [[mcpDigest(mcp), mcp]] : [])));
  if (servers.size === 0) return manifest;
  const { connectMcp, refusalOf } = await import('../../providers/mcp.ts');
  const mcp: Record<string, Known['mcp'][string]> = { ...input.known.mcp };
  for (const [digest, server] of servers) {
    try {
      const session = await connectMcp({
        server,
        folder: manifest.folder,
        env: input.io.env,
        timeoutMs: MCP_TIMEOUT_MS,
        clock: input.io.clock,
        signal: input.signal,
      });
      const { seen, refused } = await session.describe().finally(() => session.close());
      const refusal = refusalOf(server, refused);
      if (refusal !== null) throw new CommandError(refusal);
      mcp[digest] = seen;
    } catch (error) {
      throw new CommandError((error as Error).message);
    }
    const absent = (server.only ?? []).filter((name) =>
      mcp[digest]!.tools.every((tool) => tool.name !== name),
    );
    if (absent.length > 0) {
      const names = mcp[digest]!.tools.map(({ name }) => name).join(', ');
      throw new CommandError(`the MCP server has no tool ${absent.join(', ')}; it has: ${names}`);
    }
  }
  const known = { ...input.known, mcp };
  if (JSON.stringify(known) !== JSON.stringify(input.known)) writeKnown(input.root, known);
  return withSeen(manifest, known);
}

/** The manifest with what servers said when they were last asked. */
export function withSeen(manifest: Manifest, { mcp }: Known): Manifest {
  return {
    ...manifest,
    variants: manifest.variants.map((variant) =>
      variant.mcp === null
        ? variant
        : { ...variant, mcp: { ...variant.mcp, seen: mcp[mcpDigest(variant.mcp)] ?? null } },
    ),
  };
}

async function runStep(input: {
  readonly io: World;
  readonly step: PrepareStep;
  readonly folder: string;
  readonly signal: AbortSignal;
}): Promise<readonly string[]> {
  const { io, step, folder, signal: stop } = input;
  using reads = openReads(folder);
  const { startProcess, strictEnv } = await import('../../providers/spawn.ts');
  note(io, `preparing: ${sanitizeLine(words(step))}`);
  let said = '';
  const keep = (text: string): void => {
    said = (said + text).slice(-4_000);
  };
  const child = startProcess({
    argv: step.argv,
    cwd: path.resolve(folder),
    env: reads.env(strictEnv(io.env, step.env)),
    onOutput: keep,
    onErrors: keep,
    signal: stop,
  });
  let isLate = false;
  const limit = startLimit(io.clock, step.timeoutMs, () => {
    isLate = true;
    child.kill();
  });
  child.endInput();
  const { exitCode, signal, problem } = await child.ended;
  limit.cancel();
  if (exitCode === 0 && !isLate) return reads.undeclared(step.code);
  // Its own words, without what could play with a terminal.
  io.notify({ kind: 'lines', text: sanitizeBlock(said.trimEnd()) });
  const how = isLate
    ? `was not done in ${step.timeoutMs / 1000} s`
    : (problem ?? (signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`));
  throw new CommandError(`${words(step)} (prepare) ${how}; nothing was started`);
}

function words({ argv }: PrepareStep): string {
  return argv.join(' ').slice(0, 200);
}
