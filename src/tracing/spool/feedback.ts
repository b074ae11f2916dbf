// What is said of a trace after it: scores and verdicts. Written down here first, sent once, and sent again as a revision
// when it is said otherwise.
//
//   traces/feedback/feedback.jsonl   one line each time that something is said; the newest of an id counts
//   traces/feedback/sent.txt         one line each time that LangSmith took one: id, revision

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseObject } from '../../core/json-text.ts';
import { makeSpoolFolder, writeSpoolFile } from './modes.ts';

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

/** The newest of an id, and how often it was said. */
export type Said = { readonly newest: Feedback; readonly revision: number };

const FILE = 'feedback.jsonl';
const SENT = 'sent.txt';

/** Writes it down, unless it was said before in the same words. */
export type SayFeedback = (feedback: Feedback) => 'new' | 'known';

export function makeSayFeedback(root: string): SayFeedback {
  const newest = new Map([...readFeedback(root)].map(([id, said]) => [id, contentOf(said.newest)]));
  return (feedback) => {
    const content = contentOf(feedback);
    if (newest.get(feedback.id) === content) return 'known';
    newest.set(feedback.id, content);
    append(root, FILE, `${JSON.stringify(feedback)}\n`);
    return 'new';
  };
}

/** What is said, whenever it is. */
function contentOf(input: Feedback): string {
  const { trace, experiment, key, score, value, comment, source, reviewer } = input;
  return JSON.stringify([trace, experiment, key, score, value, comment, source, reviewer]);
}

export function countFeedback(root: string): FeedbackCounts {
  const fates = readFeedbackFates(root);
  const all = [...readFeedback(root).values()];
  const fateOf = ({ newest, revision }: Said): string | undefined => fates.get(newest.id)?.get(revision);
  const sent = all.filter((each) => fateOf(each) === 'sent').length;
  const refused = all.filter((each) => fateOf(each) === 'refused').length;
  return { said: all.length, sent, refused, left: all.length - sent - refused };
}

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
  const value = parseObject(line);
  return typeof value?.id === 'string' ? (value as unknown as Feedback) : null;
}

/** By id and revision. */
export function readFeedbackFates(root: string): Map<string, Map<number, string>> {
  const fates = new Map<string, Map<number, string>>();
  for (const line of lines(root, SENT)) {
    const [id = '', revision, fate = ''] = line.split(' ');
    const known = fates.get(id) ?? new Map<number, string>();
    known.set(Number(revision), fate);
    fates.set(id, known);
  }
  return fates;
}

export function writeFeedbackFate(root: string, said: readonly Said[], fate: 'sent' | 'refused'): void {
  if (said.length === 0) return;
  append(root, SENT, said.map(({ newest, revision }) => `${newest.id} ${revision} ${fate}\n`).join(''));
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
