// What a harness writes into JSONL files of its own, read as it grows: which line is about which cell.
import { closeSync, fstatSync, globSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import type { PytestHarness } from '../core/harness.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { isDeeper, MAX_LEVELS, parseTold } from '../core/outside.ts';

export type Collected = {
  /** The line that names this cell, once; where one test runs alone, a new line that names none is its own. */
  find(
    cell: { readonly variant: string; readonly scenario: string; readonly run: number },
    at: { readonly isAlone: boolean },
  ): JsonObject | undefined;
};

/** Usual names for our members; `fields` comes first. */
const USUAL: { readonly [ours: string]: readonly string[] } = {
  variant: ['variant', 'arm', 'mode', 'tools'],
  scenario: ['scenario', 'scenario_id', 'case', 'case_id', 'id', 'name', 'test'],
  run: ['run', 'run_number', 'repeat', 'iteration'],
  text: ['text', 'output', 'response', 'answer', 'completion', 'result'],
  tool_calls: ['tool_calls', 'toolCalls', 'calls'],
  messages: ['messages'],
  usage: ['usage'],
  finish_reason: ['finish_reason'],
  model: ['model'],
};

const MAX_NEW_BYTES = 64 * 1024 * 1024;

export function makeCollected(collect: NonNullable<PytestHarness['collect']>, folder: string): Collected {
  const offsets = new Map<string, number>();
  let loose: JsonObject[] = [];
  // What is there already is of another time.
  for (const file of filesOf(collect.files, folder)) offsets.set(file, sizeOf(file));

  const member = (line: JsonObject, ours: string): Json | undefined => {
    const named = collect.fields[ours];
    if (named !== undefined) return line[named];
    for (const name of USUAL[ours] ?? []) if (line[name] !== undefined) return line[name];
    return undefined;
  };
  const isAbout = (line: JsonObject, ours: string, wanted: string | number): boolean => {
    const value = member(line, ours);
    return value === undefined || value === null || wordOf(value) === String(wanted);
  };

  return {
    find(cell, { isAlone }) {
      loose.push(...readNew(filesOf(collect.files, folder), offsets));
      const named = loose.findIndex(
        (line) =>
          isAbout(line, 'variant', cell.variant) &&
          isAbout(line, 'run', cell.run) &&
          wordOf(member(line, 'scenario')) === cell.scenario,
      );
      const isNameless = loose.length === 1 && member(loose[0]!, 'scenario') === undefined;
      const index = named >= 0 ? named : isAlone && isNameless ? 0 : -1;
      if (index < 0) return undefined;
      const line = loose[index]!;
      loose = loose.filter((_, n) => n !== index);
      return told(line);
    },
  };

  function told(line: JsonObject): JsonObject {
    const found: Record<string, Json> = {};
    for (const ours of ['text', 'tool_calls', 'messages', 'usage', 'finish_reason', 'model']) {
      const value = member(line, ours);
      if (value !== undefined)
        found[ours] = ours === 'text' && typeof value !== 'string' ? JSON.stringify(value) : value;
    }
    return { ...found, properties: { line } };
  }
}

/** What is neither text nor a number names nothing. */
function wordOf(value: Json | undefined): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

function filesOf(pattern: string, folder: string): readonly string[] {
  return globSync(pattern, { cwd: folder })
    .map((file) => path.join(folder, file))
    .sort();
}

function sizeOf(file: string): number {
  return withFile(file, (handle) => fstatSync(handle).size) ?? 0;
}

/** Whole lines since the last look. A file that became shorter was written anew. */
function readNew(files: readonly string[], offsets: Map<string, number>): JsonObject[] {
  const lines: JsonObject[] = [];
  for (const file of files) {
    withFile(file, (handle) => {
      const { size } = fstatSync(handle);
      const from = (offsets.get(file) ?? 0) > size ? 0 : (offsets.get(file) ?? 0);
      const bytes = Buffer.alloc(Math.min(size - from, MAX_NEW_BYTES));
      readSync(handle, bytes, 0, bytes.length, from);
      const end = bytes.lastIndexOf(10) + 1;
      offsets.set(file, from + end);
      for (const text of bytes.subarray(0, end).toString('utf8').split('\n')) {
        const line = parsed(text);
        if (line) lines.push(line);
      }
    });
  }
  return lines;
}

function withFile<Value>(file: string, use: (handle: number) => Value): Value | null {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    // Gone between the listing and the look.
    return null;
  }
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}

function parsed(text: string): JsonObject | null {
  if (text.trim() === '') return null;
  const value = parseTold(text);
  // Deeper ones could be neither compared nor written.
  return isJsonObject(value) && !isDeeper(value, MAX_LEVELS) ? value : null;
}
