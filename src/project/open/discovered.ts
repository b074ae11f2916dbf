// What has to be found out before keys can be made, and is kept between commands: what MCP servers offer, and which
// preparation was made from what. Derived and small: deleting it costs asking again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { digestOf } from '../../core/canonical.ts';
import type { McpSeen, McpServer, PrepareStep } from '../../core/harness.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/manifest.ts';
import { exactObject } from '../../core/untrusted-json.ts';

export type Known = {
  /** By digest of the server's settings. */
  readonly mcp: { readonly [digest: string]: McpSeen };
  /** By digest of a step and what it read: digest of what it made. */
  readonly prepared: { readonly [digest: string]: string };
};

const NOTHING: Known = { mcp: {}, prepared: {} };
export const KNOWN_FILE = 'known.json';

export type KnownRead = {
  /** Of the file what can be trusted. */
  readonly known: Known;
  /** A sentence without its end where something cannot. */
  readonly problem: string | null;
};

/** Keys hang on it and anybody can edit it, so it is checked like every other file of others. */
export function readKnown(root: string): KnownRead {
  const file = path.join(root, KNOWN_FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { known: NOTHING, problem: code === 'ENOENT' ? null : `${file} cannot be read (${code})` };
  }
  try {
    return checkKnown(JSON.parse(text), file);
  } catch {
    return { known: NOTHING, problem: `${file} is damaged: it is no JSON` };
  }
}

function checkKnown(value: unknown, file: string): KnownRead {
  if (!isJsonObject(value)) return { known: NOTHING, problem: `${file} is damaged: it is no JSON object` };
  const mcp = sound(value.mcp ?? {}, readSeen);
  const prepared = sound(value.prepared ?? {}, (entry) =>
    typeof entry === 'string' && isDigest(entry) ? entry : null,
  );
  const bad = mcp.bad + prepared.bad;
  return {
    known: { mcp: mcp.entries, prepared: prepared.entries },
    problem: bad === 0 ? null : `${file} is damaged: ${bad} of its entries cannot be used`,
  };
}

/** One entry that is odd makes the others no worse. */
function sound<Value>(
  entries: Json,
  read: (entry: Json) => Value | null,
): { readonly entries: { readonly [digest: string]: Value }; readonly bad: number } {
  if (!isJsonObject(entries)) return { entries: {}, bad: 1 };
  const all = Object.entries(entries);
  const good = all.flatMap(([digest, entry]): [string, Value][] => {
    const value = isDigest(digest) ? read(entry ?? null) : null;
    return value === null ? [] : [[digest, value]];
  });
  return { entries: Object.fromEntries(good), bad: all.length - good.length };
}

function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/** As a session describes its server. */
function readSeen(entry: Json): McpSeen | null {
  if (!isJsonObject(entry) || !isText(entry.name) || !isText(entry.version)) return null;
  if (!Array.isArray(entry.tools)) return null;
  const tools = (entry.tools as readonly Json[]).map(readTool);
  if (tools.includes(null)) return null;
  return { name: entry.name, version: entry.version, tools: tools as readonly Tool[] };
}

function readTool(tool: Json): Tool | null {
  if (!isJsonObject(tool)) return null;
  const { name, description = null, parameters: written = null, strict = null } = tool;
  const parameters = written === null ? null : exactObject(written);
  if (!isText(name) || !(description === null || isText(description))) return null;
  if (parameters?.kind === 'err' || !(strict === null || typeof strict === 'boolean')) return null;
  return { name, description, parameters: parameters?.value ?? null, strict };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.isWellFormed();
}

export function writeKnown(root: string, known: Known): void {
  makeFolder(root);
  replaceFile(path.join(root, KNOWN_FILE), [`${JSON.stringify(known, null, 1)}\n`]);
}

/** Settings and code of a server: what it offers is asked again when they change. */
export function mcpDigest({ command, url, env, code }: McpServer): string {
  return digestOf({ command, url, env: env.set, code: code as unknown as JsonObject });
}

export function stepDigest({ argv, env, inputs, code }: PrepareStep): string {
  const files = inputs.map(({ path: name, digest }) => [name, digest]);
  return digestOf({ argv, env: env.set, inputs: files, code: code as unknown as JsonObject });
}

export function madeDigest({ made }: PrepareStep): string {
  return digestOf({ made: made.map(({ path: name, digest }) => [name, digest]) });
}

export function isPrepared(step: PrepareStep, { prepared }: Known): boolean {
  return step.made.length > 0 && prepared[stepDigest(step)] === madeDigest(step);
}
