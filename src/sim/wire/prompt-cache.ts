// What a provider keeps of prompts, so that their beginning is cheaper the next time.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching

/** A prompt up to the end of one of its blocks. */
export type Prefix = {
  /** Of all that is before its end. */
  readonly hash: number;
  readonly tokens: number;
  /** Milliseconds that it is asked to be kept for; null = no mark is here. */
  readonly keptMs: number | null;
};

/** Tokens of one prompt that were found, and that were put in, by how long they stay. */
export type CacheUse = { readonly read: number; readonly written5m: number; readonly written1h: number };

export type PromptCache = { readonly use: (prefixes: readonly Prefix[], nowMs: number) => CacheUse };

export const MINUTES_5 = 300_000;
export const HOUR = 3_600_000;

/** Shorter ones are not kept, as with most models of Anthropic. */
const LEAST_TOKENS = 1024;
/** A server that is asked for a long time must not keep them all. */
const MOST_KEPT = 10_000;

export function makePromptCache(): PromptCache {
  /** By hash: until when. In the order of their writing. */
  const kept = new Map<number, { readonly untilMs: number; readonly keptMs: number }>();
  return {
    use(prefixes, nowMs) {
      const marked = prefixes.filter(({ keptMs, tokens }) => keptMs !== null && tokens >= LEAST_TOKENS);
      const last = marked.at(-1);
      if (last === undefined) return NO_CACHE;
      const isKept = ({ hash }: Prefix): boolean => (kept.get(hash)?.untilMs ?? 0) > nowMs;
      const found = prefixes.slice(0, prefixes.indexOf(last) + 1).findLast(isKept);
      const read = found?.tokens ?? 0;
      const written = { 5: 0, 60: 0 };
      let upTo = read;
      for (const { hash, tokens, keptMs } of marked) {
        kept.delete(hash);
        kept.set(hash, { untilMs: nowMs + keptMs!, keptMs: keptMs! });
        if (tokens <= upTo) continue;
        written[keptMs === HOUR ? 60 : 5] += tokens - upTo;
        upTo = tokens;
      }
      // Who is found stays as long again.
      const again = found && kept.get(found.hash);
      if (found && again) kept.set(found.hash, { ...again, untilMs: nowMs + again.keptMs });
      for (const hash of kept.keys()) {
        if (kept.size <= MOST_KEPT) break;
        kept.delete(hash);
      }
      return { read, written5m: written[5], written1h: written[60] };
    },
  };
}

export const NO_CACHE: CacheUse = { read: 0, written5m: 0, written1h: 0 };
