// A process of its own that sends one invocation's traces while it runs, and what is left of them after it: so nobody
// waits for LangSmith, and a killed run has its traces sent all the same. Started by ./uploader.ts, never by hand.
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeLock } from '../../cache/disk/lock.ts';
import { clockOf } from '../../core/clock.ts';
import { readLangSmithEnv } from '../../tracing/endpoint.ts';
import { countFeedback } from '../../tracing/spool/feedback.ts';
import { sendFeedback } from '../../tracing/upload/feedback-send.ts';
import { makeSender } from '../../tracing/upload/send.ts';
import { type UploadCounts, upload } from '../../tracing/upload/upload.ts';
import type { ToUploader, UploaderNews } from './messages.ts';

/** Between two looks at the spool: few large requests cost less than many small ones. */
const LOOK_MS = 250;
const LOCK_MS = 500;

let isOver = false;
let wake = (): void => {};
let onOver = (): void => {};

process.on('message', (message: ToUploader) => {
  if (message.kind === 'start') {
    void follow(message).finally(() => process.disconnect?.());
  } else over();
});
// The run is gone, however that came: what it left is all there is.
process.on('disconnect', over);

function over(): void {
  isOver = true;
  onOver();
  wake();
}

async function follow({ root, folder, version }: Extract<ToUploader, { kind: 'start' }>): Promise<void> {
  const env = readLangSmithEnv(process.env);
  if (env.kind === 'off') return;
  const clock = clockOf(globalThis);
  let problem: string | null = null;
  const say = (text: string): void => {
    problem = text;
  };
  using _lock = await locked(root);
  let last: UploadCounts = { sent: 0, present: 0, rejected: 0, held: 0 };
  const tell = (kind: 'news' | 'done'): void => {
    const news: UploaderNews = { kind, ...last, state: link.state(), why: problem ?? link.why() };
    if (process.connected) process.send?.(news, () => {});
  };
  const onChange = (): void => tell('news');
  const sender = makeSender({
    root,
    endpoint: env.endpoint,
    version,
    clock,
    random: Math.random,
    say,
    onChange,
  });
  const { link, prepare } = sender;
  onOver = () => link.finish();
  if (isOver) onOver();
  const more = async (): Promise<'more' | 'over'> => {
    if (!isOver) await lookLater();
    return isOver ? 'over' : 'more';
  };
  const age = { kind: 'hold' } as const;
  const onNews = (counts: UploadCounts): void => {
    last = counts;
    tell('news');
  };
  if (folder !== null) {
    await upload({ folder: path.join(root, folder), link, prepare, clock, age, more, say, onNews });
  }
  // After its traces: what is said of one that is not there yet would be refused.
  if (countFeedback(root).left > 0) await sendFeedback({ sender });
  tell('done');
}

function lookLater(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LOOK_MS);
    const before = wake;
    wake = () => {
      clearTimeout(timer);
      before();
      resolve();
    };
  });
}

/** One uploader at a time an experiment: another run's may still be at its last traces. */
async function locked(root: string): Promise<Disposable> {
  for (;;) {
    const since = new Date().toISOString();
    const lock = takeLock(root, {
      pid: process.pid,
      host: hostname(),
      command: 'expgraph (sends traces)',
      since,
    });
    if (lock.kind === 'ok') return lock.value;
    await sleep(LOCK_MS);
  }
}
