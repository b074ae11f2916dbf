// What is in a spool's folder, for people who ask: read once from end to end, and nothing is changed.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '../../core/json.ts';
import { parseJson } from '../../core/json-text.ts';
import { type Fate, readFates, readSpool } from './spool-read.ts';

export type SpoolCounts = {
  readonly folder: string;
  readonly traces: number;
  readonly spans: number;
  readonly sent: number;
  readonly rejected: number;
  /** Neither. */
  readonly waiting: number;
  /** Of those, the ones that LangSmith would refuse for their age. */
  readonly tooOld: number;
  /** Start of the oldest that waits. */
  readonly oldest: string | null;
  readonly reasons: readonly { readonly trace: string; readonly why: string }[];
};

const READ_BYTES = 8 * 1024 * 1024;
const REASONS = 10;

export function countSpool(input: {
  readonly root: string;
  readonly folder: string;
  readonly now: Date;
  readonly maxAgeMs: number;
}): SpoolCounts {
  const folder = path.join(input.root, input.folder);
  const fates = readFates(folder);
  const counts = { traces: 0, spans: 0, sent: 0, rejected: 0, waiting: 0, tooOld: 0 };
  let oldest: string | null = null;
  const seen = new Set<string>();
  const reader = readSpool(folder);
  for (let traces = reader.next(READ_BYTES); traces.length > 0; traces = reader.next(READ_BYTES)) {
    for (const { trace, start, runs } of traces) {
      if (seen.has(trace)) continue;
      seen.add(trace);
      counts.traces++;
      counts.spans += runs.length;
      const fate = fates.get(trace);
      if (fate === 'rejected') counts.rejected++;
      else if (fate !== undefined) counts.sent++;
      else {
        counts.waiting++;
        if (input.now.getTime() - Date.parse(start) >= input.maxAgeMs) counts.tooOld++;
        if (oldest === null || start < oldest) oldest = start;
      }
    }
  }
  return { folder: input.folder, ...counts, oldest, reasons: readReasons(folder, fates) };
}

/** Of traces that are refused still, the newest reason. */
function readReasons(folder: string, fates: ReadonlyMap<string, Fate>): SpoolCounts['reasons'] {
  const file = path.join(folder, 'rejected.jsonl');
  if (!existsSync(file)) return [];
  const reasons = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const value = parseJson(line);
    if (isJsonObject(value) && fates.get(String(value.trace)) === 'rejected')
      reasons.set(String(value.trace), String(value.why));
  }
  return [...reasons].slice(0, REASONS).map(([trace, why]) => ({ trace, why }));
}
