// The one door to chokidar: a list of files and folders -> the name of each file that is saved, appears or goes.
import { type FSWatcher, watch } from 'chokidar';
import { type Accept, makeAccept, rootsOf, type Watched } from './watched.ts';

export type FileWatch = {
  /**
   * Watches this list from now on. Resolves when every file of it is watched.
   * @param sinceMs wall time in ms when the list was begun to be made: what was saved since then is told, watched or not
   */
  renew(watched: Watched, sinceMs: number): Promise<void>;
  close(): Promise<void>;
};

export type FileWatchSettings = {
  /** A file that counts was saved, or touched, or is new, or is gone. Content is not looked at. */
  readonly onSaved: (file: string) => void;
  /** Something about the watching that a person should know, as one sentence. */
  readonly onTrouble: (sentence: string) => void;
};

/** Where the system has no watches left, files are looked at every so often. */
const POLL_MS = 300;
/** File systems keep times in steps of up to so many milliseconds. */
const GRAIN_MS = 10;

export function openFileWatch(settings: FileWatchSettings): FileWatch {
  let list = '';
  let current: FSWatcher | null = null;
  let usePolling = false;
  let isClosed = false;

  async function renew(watched: Watched, sinceMs: number): Promise<void> {
    const next = JSON.stringify(watched);
    if (next === list || isClosed) return;
    const before = current;
    let opened = await open(watched, sinceMs);
    if (opened.scarce !== null && !usePolling) {
      usePolling = true;
      settings.onTrouble(`${opened.scarce}; files are looked at every ${POLL_MS} ms instead`);
      await opened.watcher.close();
      opened = await open(watched, sinceMs);
    }
    if (isClosed) return opened.watcher.close();
    current = opened.watcher;
    list = next;
    // The old one goes last: between the two nothing is missed, and what both saw is one edit.
    await before?.close();
  }

  /** `scarce`: why the system cannot watch so many files; null = it can. */
  async function open(
    watched: Watched,
    sinceMs: number,
  ): Promise<{ readonly watcher: FSWatcher; readonly scarce: string | null }> {
    const accept = makeAccept(watched);
    const roots = rootsOf(watched);
    const watcher = watch([...roots], {
      ignored: makeIgnored(accept, new Set(roots)),
      alwaysStat: true,
      usePolling,
      interval: POLL_MS,
      // A save by renaming is one edit to whoever waits for quiet: nothing needs to be held back here.
      atomic: false,
    });
    let isReady = false;
    let scarce: string | null = null;
    watcher.on('all', (event, file, stats) => {
      if (event === 'addDir' || event === 'unlinkDir' || !accept.file(file)) return;
      const savedMs = stats ? Math.max(stats.mtimeMs, stats.ctimeMs) : 0;
      if (isReady || savedMs >= sinceMs - GRAIN_MS) settings.onSaved(file);
    });
    await new Promise<void>((resolve) => {
      watcher.on('error', (cause) => {
        const { code, message } = cause as NodeJS.ErrnoException;
        if (code === 'ENOSPC' || code === 'EMFILE') {
          scarce ??= 'the system cannot watch so many files';
          resolve();
        } else settings.onTrouble(`watching: ${message}`);
      });
      watcher.once('ready', () => {
        isReady = true;
        resolve();
      });
    });
    return { watcher, scarce };
  }

  return {
    renew,
    async close() {
      isClosed = true;
      await current?.close();
      current = null;
    },
  };
}

/** Everything that does not count is not even looked into: a project may hold millions of files. */
function makeIgnored(
  accept: Accept,
  roots: ReadonlySet<string>,
): (at: string, stats?: { isDirectory(): boolean }) => boolean {
  return (at, stats) => {
    if (roots.has(at)) return false;
    if (stats === undefined) return !accept.file(at) && !accept.folder(at) && !leadsTo(at, roots);
    return stats.isDirectory() ? !accept.folder(at) && !leadsTo(at, roots) : !accept.file(at);
  };
}

/** A root that is not there yet is waited for in the folders above it. */
function leadsTo(folder: string, roots: ReadonlySet<string>): boolean {
  for (const root of roots) {
    if (root.startsWith(folder) && /^[\\/]/.test(root.slice(folder.length))) return true;
  }
  return false;
}
