// What has to be found out before keys can be made, and is kept between commands: what MCP servers offer, and which
// preparation was made from what. Derived and small: deleting it costs asking again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../cache/durable.ts';
import { digestOf } from '../core/canonical.ts';
import type { McpSeen, McpServer, PrepareStep } from '../core/harness.ts';
import type { JsonObject } from '../core/json.ts';

export type Known = {
  /** By digest of the server's settings. */
  readonly mcp: { readonly [digest: string]: McpSeen };
  /** By digest of a step and what it read: digest of what it made. */
  readonly prepared: { readonly [digest: string]: string };
};

const NOTHING: Known = { mcp: {}, prepared: {} };
const FILE = 'known.json';

export function readKnown(root: string): Known {
  try {
    const { mcp = {}, prepared = {} } = JSON.parse(
      readFileSync(path.join(root, FILE), 'utf8'),
    ) as Partial<Known>;
    return { mcp, prepared };
  } catch {
    return NOTHING;
  }
}

export function writeKnown(root: string, known: Known): void {
  makeFolder(root);
  replaceFile(path.join(root, FILE), [`${JSON.stringify(known, null, 1)}\n`]);
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
