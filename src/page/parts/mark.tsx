// A mark by its shape and its words, never by colour alone.
import type { Mark } from '../../screens/matrix.ts';

export const MARK_SHAPES: Readonly<Record<Mark, string>> = {
  passed: '✓',
  failed: '✗',
  unjudged: '•',
  error: '!',
  stale: '~',
  missing: '·',
};

export const MARK_WORDS: Readonly<Record<Mark, string>> = {
  passed: 'passed',
  failed: 'did not pass',
  unjudged: 'not judged',
  error: 'no answer: the call failed',
  stale: 'stale',
  missing: 'missing',
};

export function MarkSign({ mark }: { readonly mark: Mark }) {
  return (
    <span class={`mark mark-${mark}`} role="img" aria-label={MARK_WORDS[mark]} title={MARK_WORDS[mark]}>
      {MARK_SHAPES[mark]}
    </span>
  );
}
