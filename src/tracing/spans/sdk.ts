// The only file that knows the package `langsmith`, pinned exactly: it moves fast. Each half is loaded when it is asked for;
// the rules for secrets weigh little, the spans 60 MB with everything behind them.

import type { Rule } from './shield.ts';

export async function loadSpans(): Promise<{
  readonly RunTree: typeof import('langsmith/run_trees').RunTree;
  readonly withRunTree: typeof import('langsmith/traceable').withRunTree;
}> {
  // `traceable` also sets up the context that spans nest by, shared by every version of the SDK in a thread.
  const [{ RunTree }, { withRunTree }] = await Promise.all([
    import('langsmith/run_trees'),
    import('langsmith/traceable'),
  ]);
  return { RunTree, withRunTree };
}

/** Shapes of well-known credentials. */
export async function loadSecretRules(): Promise<readonly Rule[]> {
  const { DEFAULT_SECRET_RULES } = await import('langsmith/anonymizer');
  return DEFAULT_SECRET_RULES.map(({ pattern, replace }) => ({
    pattern: typeof pattern === 'string' ? new RegExp(pattern, 'g') : pattern,
    replace: replace ?? '[redacted]',
    // They have no anchors, and their one look ahead asks for what a separator is not.
    isLocal: true,
  }));
}
