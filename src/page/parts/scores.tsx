// What scorers say of an answer, and why.

import { sanitizeBlock } from '../../core/text.ts';
import type { ScoreText } from '../../screens/scenario.ts';
import type { DrawLook } from './draw-look.ts';
import { beginningOf } from './turns.ts';

/** Reasons of judges are paragraphs: of those that passed the first words are enough. */
const SHOWN_CHARS = 160;

export function Scores({ scores, look }: { readonly scores: readonly ScoreText[]; readonly look: DrawLook }) {
  if (scores.length === 0) return null;
  return (
    <ul class="scores">
      {scores.map((score, n) => (
        <li key={n} class={`score score-${wordOf(score).replaceAll(' ', '-')}`}>
          <span class="score-sign" role="img" aria-label={wordOf(score)}>
            {signOf(score)}
          </span>{' '}
          <span class="score-name">{score.scorer}</span>
          {score.score !== null && <span class="draw-fact"> {score.score.toFixed(2)}</span>}
          {score.missing !== null && <span class="score-reason"> {score.missing}</span>}
          {score.reason !== null && score.reason !== '' && <Reason text={score.reason} look={look} />}
        </li>
      ))}
    </ul>
  );
}

function Reason({ text, look }: { readonly text: string; readonly look: DrawLook }) {
  const isOpen = look.isOpen('scores');
  const isLong = text.length > SHOWN_CHARS;
  return (
    <span class="score-reason">
      {' '}
      {isOpen || !isLong ? sanitizeBlock(text) : beginningOf(sanitizeBlock(text), SHOWN_CHARS)}
      {isLong && (
        <>
          {' '}
          <button type="button" class="linkish" aria-expanded={isOpen} onClick={() => look.toggle('scores')}>
            {isOpen ? 'less' : 'all of it'}
          </button>
        </>
      )}
    </span>
  );
}

function wordOf({ passed, missing }: ScoreText): string {
  if (missing !== null) return 'missing';
  return passed === null ? 'no verdict' : passed ? 'passed' : 'did not pass';
}

function signOf(score: ScoreText): string {
  return { passed: '✓', 'did not pass': '✗', missing: '·', 'no verdict': '•' }[wordOf(score)]!;
}
