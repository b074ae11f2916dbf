// What is said of a trace after it: scores and verdicts. Written down here first, sent once, and sent again as a revision
// when it is said otherwise.
//
//   traces/feedback/feedback.jsonl   one line each time that something is said; the newest of an id counts
//   traces/feedback/sent.txt         one line each time that LangSmith took one: id, revision

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject } from '../core/json.ts';
import { makeSpoolFolder, writeSpoolFile } from './modes.ts';
import type { Sender } from './send.ts';
import { jsonBody } from './wire.ts';

export type Feedback = {
  readonly v: 1;
  /** Made of the trace, the key and whoever says it: saying it again revises it. */
  readonly id: string;
  readonly trace: string;
  /** ISO 8601, of the trace. */
  readonly start: string;
  readonly project: string;
  readonly experiment: string | null;
  readonly key: string;
  readonly score: number | null;
  readonly value: string | null;
  readonly comment: string | null;
  readonly source: 'app' | 'api' | 'model';
  readonly reviewer: string | null;
  readonly extendRetention: boolean;
  readonly at: string;
};

export type FeedbackCounts = {
  readonly said: number;
  readonly sent: number;
  readonly refused: number;
  readonly left: number;
};

const FILE = 'feedback.jsonl';
const SENT = 'sent.txt';

export function addFeedback(root: string, feedback: Feedback): void {
  append(root, FILE, `${JSON.stringify(feedback)}\n`);
}

export function countFeedback(root: string): FeedbackCounts {
  const said = readFeedback(root);
  const fates = readFates(root);
  const all = [...said.values()];
  const fateOf = ({ newest, revision }: Said): string | undefined => fates.get(newest.id)?.get(revision);
  const sent = all.filter((each) => fateOf(each) === 'sent').length;
  const refused = all.filter((each) => fateOf(each) === 'refused').length;
  return { said: all.length, sent, refused, left: all.length - sent - refused };
}

/** Sends what LangSmith does not have as it was said last. What it does not know the trace of stays for later. */
export async function sendFeedback(sender: Sender): Promise<FeedbackCounts> {
  const { link, root, prepare } = sender;
  const fates = readFates(root);
  for (const { newest, revision } of readFeedback(root).values()) {
    const before = fates.get(newest.id);
    if (before?.has(revision)) continue;
    const session = newest.experiment ?? (await prepare.projectId(newest.project));
    const body: Body = { ...bodyOf(newest), ...(session === null ? {} : { session_id: session }) };
    const isKnown = [...(before?.values() ?? [])].includes('sent');
    let answer = isKnown
      ? null
      : await link.call({ method: 'POST', path: '/feedback', body: jsonBody(body) });
    if (isKnown || answer?.kind === 'duplicate') {
      const { score, value, comment } = body;
      const revised = jsonBody({ score, value, comment });
      answer = await link.call({ method: 'PATCH', path: `/feedback/${newest.id}`, body: revised });
    }
    if (answer === null) break;
    if (answer.kind === 'ok') append(root, SENT, `${newest.id} ${revision} sent\n`);
    else if (answer.kind === 'refused') append(root, SENT, `${newest.id} ${revision} refused\n`);
  }
  return countFeedback(root);
}

type Body = { readonly [name: string]: unknown };

function bodyOf(feedback: Feedback): Body {
  const { id, trace, start, key, score, value, comment, source, reviewer } = feedback;
  const metadata = reviewer === null ? {} : { reviewer };
  return {
    id,
    run_id: trace,
    trace_id: trace,
    start_time: start,
    key,
    // The API refuses more digits.
    score: score === null ? null : Math.round(score * 10_000) / 10_000,
    value,
    comment,
    feedback_source: { type: source, metadata },
    extend_trace_retention: feedback.extendRetention,
  };
}

type Said = { readonly newest: Feedback; readonly revision: number };

export function readFeedback(root: string): Map<string, Said> {
  const said = new Map<string, Said>();
  for (const line of lines(root, FILE)) {
    const feedback = parse(line);
    if (feedback)
      said.set(feedback.id, { newest: feedback, revision: (said.get(feedback.id)?.revision ?? 0) + 1 });
  }
  return said;
}

function parse(line: string): Feedback | null {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) && typeof value.id === 'string' ? (value as unknown as Feedback) : null;
  } catch {
    return null;
  }
}

/** By id and revision. */
function readFates(root: string): Map<string, Map<number, string>> {
  const fates = new Map<string, Map<number, string>>();
  for (const line of lines(root, SENT)) {
    const [id = '', revision, fate = ''] = line.split(' ');
    fates.set(id, new Map([...(fates.get(id) ?? []), [Number(revision), fate]]));
  }
  return fates;
}

function lines(root: string, name: string): readonly string[] {
  const file = path.join(root, 'feedback', name);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

function append(root: string, name: string, text: string): void {
  const folder = path.join(root, 'feedback');
  makeSpoolFolder(folder);
  writeSpoolFile(path.join(folder, name), text, { flag: 'a' });
}
