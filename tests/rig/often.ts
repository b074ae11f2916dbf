// How often a property is tried: a fifth in `npm test`, all of it with EXPGRAPH_ALL=1, as `npm run torture` does.

const SHARE = 5;

export function often(full: number): { readonly numRuns: number } {
  return { numRuns: process.env.EXPGRAPH_ALL === '1' ? full : Math.ceil(full / SHARE) };
}
