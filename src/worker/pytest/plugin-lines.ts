// What the pytest plugin tells over its pipe: JSON lines. The tests that run beside it may write there too, so each line is
// anybody's: one that is not understood is passed over, and whoever waits for it learns at the end that nothing came. Pure.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { parseTold } from '../../core/untrusted-json.ts';
import type { ThrownLink } from '../../providers/thrown-failure.ts';
import type { Attempted } from '../attempt.ts';
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

/** As the plugin bounds them. */
const MAX_RAN = 5_000;
const MAX_UNIT = 5_000;

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
    started_ms: typeof line.started_ms === 'number' && isMoment(line.started_ms) ? line.started_ms : null,
    ran: (Array.isArray(line.ran) ? (line.ran as readonly Json[]) : [])
      .slice(0, MAX_RAN)
      .flatMap((unit) => (typeof unit === 'string' && unit.length < MAX_UNIT ? [unit.toWellFormed()] : [])),
    ...(typeof line.reads === 'number' ? { reads: amount('reads') } : {}),
  };
}

/** A line that tells of the traces that the harness sends by itself; what it does not tell is left out. */
export function readTraceTold(line: JsonObject): Pick<Attempted, 'traceMs' | 'beside'> {
  const { started_ms: ms, run_id: id } = line;
  const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
  const told =
    typeof ms === 'number' && Number.isSafeInteger(ms) && ms > 0 && ms < MAX_MS ? { traceMs: ms } : {};
  if (typeof id !== 'string' || !UUID.test(id)) return told;
  const session = text(line.session_id);
  const list = Array.isArray(line.feedback) ? (line.feedback as readonly Json[]).slice(0, MAX_SAID) : [];
  const feedback = list.filter(isJsonObject).flatMap((one) => {
    const { key, score, value } = one;
    if (typeof key !== 'string' || key === '') return [];
    const number = typeof score === 'boolean' ? Number(score) : score;
    return {
      key: key.slice(0, 180).toWellFormed(),
      score: typeof number === 'number' ? number : null,
      value: value === null || value === undefined ? null : (text(value) ?? JSON.stringify(value)),
      comment: text(one.comment)?.toWellFormed() ?? null,
    };
  });
  const sessionId = session !== null && UUID.test(session) ? session : null;
  return { ...told, beside: { runId: id, sessionId, startedAt: text(line.started_at), feedback } };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_SAID = 100;
/** The year 5138: beyond it a date has no ISO form of four digits. */
const MAX_MS = 1e14;

/** Between 2001 and 2100: whatever else somebody wrote is no time of a test. */
function isMoment(ms: number): boolean {
  return Number.isFinite(ms) && ms > 1e12 && ms < 4.1e12;
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
