// Waiting for a server that does not answer.

/** @returns a wait that ends early when the page is looked at again or the network is back */
export function hopefulWait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = (): void => {
      over.abort();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done, { signal: over.signal });
    addEventListener('storage', done, { signal: over.signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && done(), {
      signal: over.signal,
    });
  });
}
