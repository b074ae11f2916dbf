// What Python said of an experiment's code, kept between starts beside the survey. Derived: deleting it costs asking again.
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { sha256 } from '../../core/canonical.ts';
import type { Redact } from '../../core/redact.ts';
import type { PythonMemory } from '../../manifest/python-memory.ts';
import { readRan } from './ran-file.ts';

const FILE = 'python.cache';
/** What this start asked is kept whole; of what earlier ones asked, so much. */
const MAX_CHARS = 2_000_000;

export type PythonMemoryFile = PythonMemory & {
  /** Writes what is new. A folder that cannot be written costs the next start its time, and no more. */
  save(redact: Redact): void;
};

/** @param root artifacts/<name>, absolute; read when something is first asked for */
export function openPythonMemory(root: string): PythonMemoryFile {
  const file = path.join(root, FILE);
  let lines: Map<string, string> | null = null;
  let seen: readonly string[] | null = null;
  const known = new Map<string, unknown>();
  const fresh = new Map<string, object>();
  const kept = (): Map<string, string> => {
    lines ??= readLines(file);
    return lines;
  };
  return {
    get(key) {
      if (known.has(key)) return known.get(key);
      const line = kept().get(key);
      const value = line === undefined ? undefined : readLine(line);
      known.set(key, value);
      return value;
    },
    set(key, value) {
      known.set(key, value);
      fresh.set(key, value);
    },
    seen() {
      seen ??= readRan(root);
      return seen;
    },
    save(redact) {
      if (fresh.size === 0) return;
      const now: string[] = [];
      for (const [key, value] of fresh) now.push(...lineOf(key, value, redact));
      fresh.clear();
      const used = [...kept()].filter(([key]) => known.get(key) !== undefined);
      now.push(...used.map(([, line]) => line));
      let room = MAX_CHARS;
      for (const [key, line] of kept()) {
        if (known.has(key)) continue;
        room -= line.length;
        if (room < 0) break;
        now.push(line);
      }
      try {
        makeFolder(root);
        const own = `${file}.${process.pid}`;
        replaceFile(own, [`${now.join('\n')}\n`]);
        renameSync(own, file);
        lines = null;
      } catch {
        // Whoever only looks may do so where nothing can be written.
      }
    },
  };
}

/** `key digest json`; a line that was cut or edited is as if it had not been kept. */
function readLines(file: string): Map<string, string> {
  try {
    const lines = readFileSync(file, 'utf8').split('\n');
    return new Map(
      lines.filter((line) => line !== '').map((line) => [line.slice(0, line.indexOf(' ')), line]),
    );
  } catch {
    return new Map();
  }
}

function readLine(line: string): unknown {
  const [key, digest] = line.split(' ', 2);
  const text = line.slice(key!.length + (digest?.length ?? 0) + 2);
  return text !== '' && sha256(text) === digest ? JSON.parse(text) : undefined;
}

/** A secret that stands in the code is kept nowhere: its text is replaced where it is only shown, else nothing is kept. */
function lineOf(key: string, value: object, redact: Redact): readonly string[] {
  let text = JSON.stringify(value);
  if (redact(text) !== text && 'sources' in value) {
    const sources = Object.entries(value.sources as object).map(([name, source]) => [
      name,
      redact(String(source)),
    ]);
    text = JSON.stringify({ ...value, sources: Object.fromEntries(sources) });
  }
  return redact(text) === text ? [`${key} ${sha256(text)} ${text}`] : [];
}
