// Sends what LangSmith does not have as it was said last: of traces that are there, and of no others.
//
//   many in one request as parts of /runs/multipart, where feedback may prolong retention: there it always does
//   else a request each, four at a time
import path from 'node:path';
import { jsonBody, partsBody } from '../spans/wire.ts';
import {
  countFeedback,
  type Feedback,
  type FeedbackCounts,
  readFeedback,
  readFeedbackFates,
  type Said,
  writeFeedbackFate,
} from '../spool/feedback.ts';
import { readSent, spooledTraces, spoolFolders } from '../spool/spool-read.ts';
import type { Taken } from './link.ts';
import type { Sender } from './send.ts';

export type SentFeedback = FeedbackCounts & {
  /** Of those that are left: their traces did not arrive, so that nothing is said of them yet. */
  readonly traceless: number;
};

type Settings = {
  readonly sender: Sender;
  /** What was refused before is tried again. */
  readonly again?: boolean;
};

const PARALLEL = 4;
const PARTS_A_REQUEST = 100;
/** Nothing was taken meanwhile: it is not what is said. */
const MOST_REFUSALS = 20;
const SHORT_CHARS = 1000;

export async function sendFeedback({ sender, again }: Settings): Promise<SentFeedback> {
  const { root, link, prepare } = sender;
  const fates = readFeedbackFates(root);
  const todo = [...readFeedback(root).values()].filter(({ newest, revision }) => {
    const fate = fates.get(newest.id)?.get(revision);
    return fate === undefined || (fate === 'refused' && again === true);
  });
  if (todo.length === 0) return { ...countFeedback(root), traceless: 0 };
  const arrivals = readArrivals(root, new Set(todo.map(({ newest }) => newest.trace)));
  const about = todo.filter(({ newest }) => !arrivals.isWaiting(newest.trace));
  const refused: { readonly said: Said; readonly why: string }[] = [];
  let isTaken = false;
  let inRow = 0;

  if ((await prepare.info()) === 'ready') {
    const isKnown = ({ newest }: Said): boolean =>
      [...(fates.get(newest.id)?.values() ?? [])].includes('sent');
    const mayBePart = (said: Said): boolean =>
      said.newest.extendRetention &&
      prepare.takesMultipart() &&
      !isKnown(said) &&
      arrivals.hasArrived(said.newest.trace);
    const parts = about.filter(mayBePart);
    for (let from = 0; from < parts.length; from += PARTS_A_REQUEST)
      await asParts(parts.slice(from, from + PARTS_A_REQUEST));
    await eachOf(
      about.filter((said) => !mayBePart(said)),
      (said) => alone(said, isKnown(said) ? 'revise' : 'create'),
    );
  }
  if (isTaken)
    writeFeedbackFate(
      root,
      refused.map(({ said }) => said),
      'refused',
    );
  else if (refused.length > 0 && link.state() !== 'stopped')
    sender.say(`LangSmith takes no feedback (${refused[0]!.why}); it waits here`);
  return { ...countFeedback(root), traceless: todo.length - about.length };

  async function asParts(batch: readonly Said[]): Promise<void> {
    if (batch.length === 0 || link.state() === 'stopped') return;
    const parts: [string, Body][] = [];
    for (const { newest } of batch) parts.push([`feedback.${newest.id}`, await bodyOf(newest)]);
    const answer = await link.call({ method: 'POST', path: '/runs/multipart', body: partsBody(parts) });
    if (answer === null) return;
    if (answer.kind === 'ok') return took(batch);
    // Some are there already, or one is bad: each for itself says which.
    await eachOf(batch, (said) => alone(said, 'create'));
  }

  async function alone(said: Said, how: 'create' | 'revise', isShort = false): Promise<void> {
    const full = await bodyOf(said.newest);
    const body = isShort ? { ...full, comment: shortened(said.newest.comment) } : full;
    const answer = await (how === 'create'
      ? link.call({ method: 'POST', path: '/feedback', body: jsonBody(body) })
      : link.call({
          method: 'PATCH',
          path: `/feedback/${said.newest.id}`,
          body: jsonBody({ score: body.score, value: body.value, comment: body.comment }),
        }));
    if (answer === null) return;
    await settle(said, { answer, how, isShort });
  }

  async function settle(
    said: Said,
    input: { readonly answer: Taken; readonly how: 'create' | 'revise'; readonly isShort: boolean },
  ): Promise<void> {
    const { answer, how, isShort } = input;
    switch (answer.kind) {
      case 'ok':
        return took([said]);
      case 'duplicate':
        return how === 'create' ? alone(said, 'revise', isShort) : took([said]);
      case 'too-large':
        if (!isShort) return alone(said, how, true);
        return refuse(said, answer.why);
      case 'refused':
        return refuse(said, answer.why);
      case 'missing':
        // LangSmith does not know the trace, or not yet: it stays for later.
        return;
    }
  }

  function took(said: readonly Said[]): void {
    isTaken = true;
    inRow = 0;
    writeFeedbackFate(root, said, 'sent');
  }

  function refuse(said: Said, why: string): void {
    refused.push({ said, why });
    inRow++;
    if (inRow >= MOST_REFUSALS && !isTaken) link.stop(`LangSmith refuses all feedback (${why})`);
  }

  async function bodyOf(feedback: Feedback): Promise<Body> {
    const session = feedback.experiment ?? (await prepare.projectId(feedback.project));
    const start = arrivals.startOf(feedback.trace) ?? feedback.start;
    return { ...wireFeedback(feedback, start), ...(session === null ? {} : { session_id: session }) };
  }

  async function eachOf(said: readonly Said[], send: (said: Said) => Promise<void>): Promise<void> {
    const left = [...said];
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        for (let next = left.shift(); next && link.state() !== 'stopped'; next = left.shift())
          await send(next);
      }),
    );
  }
}

type Body = {
  readonly score: number | null;
  readonly value: string | null;
  readonly comment: string | null;
  readonly [name: string]: unknown;
};

function wireFeedback(feedback: Feedback, start: string): Body {
  const { id, trace, key, score, value, comment, source, reviewer } = feedback;
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

function shortened(comment: string | null): string | null {
  if (comment === null || comment.length <= SHORT_CHARS) return comment;
  return `${comment.slice(0, SHORT_CHARS).toWellFormed()} [expgraph: LangSmith took no more; the record holds all]`;
}

type Arrivals = {
  /** It is in a spool of ours and did not arrive. */
  isWaiting(trace: string): boolean;
  hasArrived(trace: string): boolean;
  /** Where it was sent as of another time. */
  startOf(trace: string): string | undefined;
};

/** @param wanted traces that something is said of: spools are looked at only if one of them is not among what was sent */
function readArrivals(root: string, wanted: ReadonlySet<string>): Arrivals {
  const folders = spoolFolders(root).map((name) => path.join(root, name));
  const arrived = new Set<string>();
  const starts = new Map<string, string>();
  for (const folder of folders) {
    const sent = readSent(folder);
    for (const [trace, fate] of sent.fates) if (fate !== 'rejected') arrived.add(trace);
    for (const [trace, start] of sent.starts) starts.set(trace, start);
  }
  const open = new Set([...wanted].filter((trace) => !arrived.has(trace)));
  const waiting = new Set<string>();
  if (open.size > 0) {
    for (const folder of folders)
      for (const trace of spooledTraces(folder)) if (open.has(trace)) waiting.add(trace);
  }
  return {
    isWaiting: (trace) => waiting.has(trace),
    hasArrived: (trace) => arrived.has(trace),
    startOf: (trace) => starts.get(trace),
  };
}
