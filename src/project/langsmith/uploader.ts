// The run's end of the uploading process: starts it, hears from it, and waits at the end only as long as that costs nothing.
import { type ChildProcess, fork } from 'node:child_process';
import { makeFolder } from '../../cache/disk/durable.ts';
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { ToUploader, UploaderNews } from './messages.ts';
import { worthWaiting } from './patience.ts';

export type Uploader = {
  /** Nothing more will be written. */
  end(): void;
  /** The same, and good-bye: it goes on alone. Resolves when it has heard of its work. */
  leave(): Promise<void>;
  /** Resolves when all is sent, when it will not be, or when waiting longer would be felt. It goes on by itself. */
  wait(input: {
    readonly traces: number;
    readonly runMs: number;
    readonly limitMs: number | null;
  }): Promise<UploaderNews>;
};

const UPLOADER_URL = new URL('./follow.ts', import.meta.url);
const LOOK_MS = 20;

export function startUploader(input: {
  readonly root: string;
  readonly folder: string | null;
  readonly version: string;
  readonly env: Env;
  readonly clock: Clock;
}): Uploader {
  const { clock } = input;
  let news: UploaderNews = {
    kind: 'news',
    sent: 0,
    present: 0,
    rejected: 0,
    held: 0,
    state: 'up',
    why: null,
  };
  let newsMs: number | null = null;
  let wake = (): void => {};
  makeFolder(input.root);
  const child = fork(UPLOADER_URL, [], {
    // Of no terminal: Ctrl-C is for the run, and so is a closed window.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...input.env, NODE_USE_ENV_PROXY: '1' },
    execArgv: [],
  });
  const gone = (why: string): void => {
    if (news.kind !== 'done') news = { ...news, kind: 'done', state: 'stopped', why: news.why ?? why };
    wake();
  };
  child.on('message', (message: UploaderNews) => {
    news = message;
    newsMs = clock.monotonicMs();
    wake();
  });
  child.on('error', (error) => gone(`the uploader could not be started: ${error.message}`));
  child.on('exit', () => gone('the uploader ended early'));
  // It must not keep a finished run alive.
  child.unref();
  child.channel?.unref();
  const started = tell(child, {
    kind: 'start',
    root: input.root,
    folder: input.folder,
    version: input.version,
  });

  return {
    end: () => void tell(child, { kind: 'end' }),
    async leave() {
      await started;
      await tell(child, { kind: 'end' });
      if (child.connected) child.disconnect();
    },
    async wait({ traces, runMs, limitMs }) {
      const startMs = clock.monotonicMs();
      for (;;) {
        const nowMs = clock.monotonicMs();
        const waitedMs = nowMs - startMs;
        const sinceNewsMs = nowMs - Math.max(newsMs ?? startMs, startMs);
        const left = traces - news.sent - news.present - news.rejected - news.held;
        if (news.kind === 'done') break;
        const isTroubled = news.why !== null;
        if (!worthWaiting({ left, state: news.state, isTroubled, waitedMs, sinceNewsMs, runMs, limitMs }))
          break;
        await new Promise<void>((resolve) => {
          const stopTimer = clock.after(LOOK_MS, resolve);
          wake = () => {
            stopTimer();
            resolve();
          };
        });
      }
      if (child.connected) child.disconnect();
      return news;
    },
  };
}

/** A child that is gone already hears nothing: it told so by itself. */
function tell(child: ChildProcess, message: ToUploader): Promise<void> {
  return new Promise((resolve) => {
    if (child.connected) child.send(message, () => resolve());
    else resolve();
  });
}
