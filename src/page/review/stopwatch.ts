// How long a card lay open before eyes: a page in the background is not read.
export type Stopwatch = { ms(): number };

export function startStopwatch(): Stopwatch {
  let ms = 0;
  let since: number | null = null;
  const look = (): void => {
    const now = performance.now();
    if (since !== null) ms += now - since;
    since = document.visibilityState === 'visible' ? now : null;
  };
  look();
  const ended = new AbortController();
  document.addEventListener('visibilitychange', look, { signal: ended.signal });
  running?.abort();
  running = ended;
  return {
    ms() {
      look();
      return Math.round(ms);
    },
  };
}

/** One card lies open at a time. */
let running: AbortController | null = null;
