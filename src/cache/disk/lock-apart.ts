// The lock of a store in the hands of a child process, for runs in which code that is not ours runs in this one: whatever
// that code opens and closes, it cannot drop a lock that another process has.
//
//   parent                                  child (lock-apart-main.ts)
//   lock.db looks free --starts-->          takes lock.db
//                      <--"held"--
//   writes, asking before each              waits for the end of its stdin
//   gives back, or dies --------->          ends: the kernel frees the lock
//                      <--end of its stdout- ends before that: the lock is lost, and the run stops
import { type ChildProcess, spawn } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../../core/result.ts';
import { StoreError } from './disk-read.ts';
import { type Holder, isFree, type LockBusy, lockFile, noteHolder, readHolder } from './lock.ts';
import { type Lock, makeSameFile } from './lock-handle.ts';

const MAIN = new URL('./lock-apart-main.ts', import.meta.url);
/** It takes 50 ms; a machine that swaps takes longer. */
const START_MS = 30_000;
/** A killed process is gone within a millisecond or two. */
const GONE_MS = 500;

/** As takeLock. The child is named nowhere: lock.json names this process. @throws StoreError */
export async function takeLockApart(folder: string, holder: Holder): Promise<Result<Lock, LockBusy>> {
  const busy = (): Result<Lock, LockBusy> => err({ kind: 'busy', holder: readHolder(folder) });
  // A waiter knocks several times a second: no process each time.
  if (!isFree(folder)) return busy();
  const child = startChild(lockFile(folder));
  const lost = new AbortController();
  let isGivenBack = false;
  const end = (): void => {
    if (!isGivenBack) lost.abort(lostError(folder, child.pid));
  };
  try {
    const said = await firstWords(child);
    if (said.kind === 'busy') return busy();
    if (said.kind === 'failed') throw new StoreError(`could not lock ${lockFile(folder)}: ${said.message}`);
    // Its end shows here first: the kernel closes its pipes before it frees the lock, whatever ends it.
    child.stdout!.on('end', end).on('error', end).resume();
    child.on('exit', end).on('error', end);
    const isSame = makeSameFile(lockFile(folder));
    noteHolder(folder, holder);
    // It must not keep a finished run alive.
    for (const one of [child, child.stdin, child.stdout]) (one as unknown as { unref(): void }).unref();
    const check = (): void => {
      lost.signal.throwIfAborted();
      isSame();
    };
    return ok({
      lost: lost.signal,
      check,
      async confirm() {
        // Two turns have one look at the pipes between them: a child that ended before now is known to have ended.
        await nextTurn();
        await nextTurn();
        check();
      },
      [Symbol.dispose]() {
        if (isGivenBack) return;
        isGivenBack = true;
        child.kill('SIGKILL');
        waitUntilGiven(folder, holder);
      },
    });
  } catch (cause) {
    isGivenBack = true;
    child.kill('SIGKILL');
    throw cause;
  }
}

function startChild(file: string): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(MAIN), file],
    {
      // Of no terminal and no group of ours: Ctrl-C and a closed window are for the run.
      detached: true,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      // Nothing that makes node load more than this one file.
      env: process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
    },
  );
  // Writing to one that is gone: its exit event says so.
  child.stdin.on('error', () => {});
  return child;
}

type Words = { readonly kind: 'held' } | { readonly kind: 'busy' | 'failed'; readonly message: string };

async function firstWords(child: ChildProcess): Promise<Words> {
  return await new Promise<Words>((resolve) => {
    let text = '';
    const failed = (message: string): void => settle({ kind: 'failed', message });
    const timer = setTimeout(() => failed(`its holder was not up in ${START_MS / 1000} s`), START_MS);
    const hear = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (text.endsWith('\n')) settle(JSON.parse(text) as Words);
    };
    const over = (): void => failed('its holder ended before it had it');
    const broken = (error: Error): void => failed(`its holder could not be started (${error.message})`);
    const settle = (words: Words): void => {
      clearTimeout(timer);
      child.stdout?.off('data', hear).off('end', over);
      child.off('error', broken);
      resolve(words);
    };
    child.on('error', broken);
    child.stdout?.on('data', hear).on('end', over);
  });
}

/** Given back means free: the next process must not meet a child that is about to end. */
function waitUntilGiven(folder: string, holder: Holder): void {
  const untilMs = performance.now() + GONE_MS;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  try {
    while (!isFree(folder) && performance.now() < untilMs) {
      // Somebody has taken it already.
      if (JSON.stringify(readHolder(folder)) !== JSON.stringify(holder)) return;
      Atomics.wait(pause, 0, 0, 1);
    }
  } catch {
    // The folder is gone, or its disk: the child is killed all the same, and the first reason is the one to show.
  }
}

function lostError(folder: string, pid: number | undefined): StoreError {
  return new StoreError(
    `the lock of ${folder} is lost: process ${pid}, which held it for this run, ended; nothing more was written. Run again`,
  );
}
