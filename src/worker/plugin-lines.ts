// What the pytest plugin tells over its pipe: JSON lines. The tests that run beside it may write there too, so each line is
// anybody's: one that is not understood is passed over, and whoever waits for it learns at the end that nothing came. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { parseTold } from '../core/outside.ts';
import type { ThrownLink } from '../providers/thrown-failure.ts';
import type { ItemEnd } from './pytest-item.ts';

/** Far above what the plugin itself lets through. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;

/** @returns takes text as it comes, cut anywhere */
export function makePluginLines(take: (line: JsonObject) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARS) rest = '';
    for (const line of lines) {
      const parsed = parsedLine(line);
      if (parsed !== null) take(parsed);
    }
  };
}

function parsedLine(text: string): JsonObject | null {
  const value = parseTold(text);
  return isJsonObject(value) ? value : null;
}

const OUTCOMES: readonly ItemEnd['outcome'][] = [
  'passed',
  'failed',
  'error',
  'skipped',
  'xfailed',
  'xpassed',
];

/** A line that says how an item ended; what is missing or odd in it is as if nothing had been told. */
export function readItemEnd(line: JsonObject, atMs: number): ItemEnd {
  const text = (name: string): string => (typeof line[name] === 'string' ? line[name] : '');
  const textOrNull = (name: string): string | null => (typeof line[name] === 'string' ? line[name] : null);
  const amount = (name: string): number => {
    const value = line[name];
    return typeof value === 'number' && value >= 0 && value <= MAX_AMOUNT ? value : 0;
  };
  return {
    nodeid: text('nodeid'),
    outcome: OUTCOMES.find((outcome) => outcome === line.outcome) ?? 'error',
    phase: text('phase'),
    message: textOrNull('message'),
    longrepr: textOrNull('longrepr'),
    error: readLinks(line.error),
    atMs,
    record: isJsonObject(line.record) ? line.record : null,
    properties: isJsonObject(line.properties) ? line.properties : {},
    stdout: text('stdout'),
    stderr: text('stderr'),
    log: text('log'),
    reruns: amount('reruns'),
    duration_ms: amount('duration_ms'),
    ...(typeof line.reads === 'number' ? { reads: amount('reads') } : {}),
  };
}

/** Milliseconds of four months: more is no duration of a test. */
const MAX_AMOUNT = 1e10;

/** Far above what the plugin tells of one exception. */
const MAX_LINKS = 20;

function readLinks(value: Json | undefined): readonly ThrownLink[] {
  const list = Array.isArray(value) ? (value as readonly Json[]).slice(0, MAX_LINKS) : [];
  return list.filter(isJsonObject).map((link) => ({
    types: texts(link.types),
    codes: texts(link.codes),
    message: typeof link.message === 'string' ? link.message : '',
    status: typeof link.status === 'number' ? link.status : null,
    headers: Object.fromEntries(
      Object.entries(isJsonObject(link.headers) ? link.headers : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    ),
    body: typeof link.body === 'string' ? link.body : '',
    retryable: link.retryable === true,
  }));
}

function texts(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((one) => typeof one === 'string') : [];
}
