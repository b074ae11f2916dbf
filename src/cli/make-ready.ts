// Before anything is planned for real: preparation steps that are not up to date are run, and MCP servers are asked what
// they offer. Loaded only where a manifest has either.
import path from 'node:path';
import type { PrepareStep } from '../core/harness.ts';
import type { Manifest } from '../core/manifest.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { CommandError } from './exit.ts';
import type { Io } from './io.ts';
import { isPrepared, type Known, madeDigest, mcpDigest, readKnown, stepDigest, writeKnown } from './known.ts';

const MCP_TIMEOUT_MS = 30_000;

export type ReadyInput = {
  readonly io: Io;
  /** Reads the manifest again: a step has made what counts. */
  readonly reload: () => Promise<Manifest>;
  readonly root: string;
};

/** @throws CommandError where a step fails or a server does not answer; nothing was started then. */
export async function makeReady(manifest: Manifest, of: ReadyInput): Promise<Manifest> {
  let known = readKnown(of.root);
  let current = manifest;
  for (let n = 0; n < manifest.prepare.length; n++) {
    const step = current.prepare[n]!;
    if (isPrepared(step, known)) continue;
    await runStep({ ...of, step, folder: manifest.folder });
    current = await of.reload();
    const done = current.prepare[n]!;
    if (done.made.length === 0) {
      throw new CommandError(
        `${words(step)} has made nothing: no file matches its outputs (${step.outputs.join(', ')})`,
      );
    }
    // What it read is as before it ran: a step that changes its own input is not up to date.
    known = { ...known, prepared: { ...known.prepared, [stepDigest(step)]: madeDigest(done) } };
    writeKnown(of.root, known);
  }
  return askServers(current, { ...of, known });
}

async function askServers(manifest: Manifest, of: ReadyInput & { readonly known: Known }): Promise<Manifest> {
  const servers = new Map(manifest.variants.flatMap(({ mcp }) => (mcp ? [[mcpDigest(mcp), mcp]] : [])));
  if (servers.size === 0) return manifest;
  const { connectMcp } = await import('../providers/mcp.ts');
  const mcp: Record<string, Known['mcp'][string]> = { ...of.known.mcp };
  for (const [digest, server] of servers) {
    try {
      const session = await connectMcp({
        ...{ server, folder: manifest.folder, env: of.io.env, timeoutMs: MCP_TIMEOUT_MS },
      });
      mcp[digest] = await session.describe().finally(() => session.close());
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
  const known = { ...of.known, mcp };
  if (JSON.stringify(known) !== JSON.stringify(of.known)) writeKnown(of.root, known);
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

async function runStep(of: {
  readonly io: Io;
  readonly step: PrepareStep;
  readonly folder: string;
}): Promise<void> {
  const { io, step, folder } = of;
  const { startProcess, strictEnv } = await import('../providers/spawn.ts');
  io.err.write(`expgraph: preparing: ${sanitizeLine(words(step))}\n`);
  let said = '';
  const keep = (text: string): void => {
    said = (said + text).slice(-4_000);
  };
  const child = startProcess({
    ...{ argv: step.argv, cwd: path.resolve(folder), env: strictEnv(io.env, step.env) },
    onOutput: keep,
    onErrors: keep,
  });
  let isLate = false;
  const stopTimer = io.clock.after(step.timeoutMs, () => {
    isLate = true;
    child.kill();
  });
  child.endInput();
  const { exitCode, signal, problem } = await child.ended;
  stopTimer();
  if (exitCode === 0 && !isLate) return;
  // Its own words, without what could play with a terminal.
  io.err.write(`${sanitizeBlock(said.trimEnd())}\n`);
  const how = isLate
    ? `was not done in ${step.timeoutMs / 1000} s`
    : (problem ?? (signal === null ? `ended with exit code ${exitCode}` : `was ended by ${signal}`));
  throw new CommandError(`${words(step)} (prepare) ${how}; nothing was started`);
}

function words({ argv }: PrepareStep): string {
  return argv.join(' ').slice(0, 200);
}
