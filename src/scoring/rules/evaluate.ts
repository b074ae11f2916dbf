// Any check against any answer: the rules by kind, and what joins them.
import { unreachable } from '../../core/result.ts';
import type { Check } from '../../core/scoring.ts';
import { type Answer, type MatchResult, matchResult } from '../reading/match-result.ts';
import { holdClarify } from './clarify.ts';
import { holdJson } from './json.ts';
import { holdNumeric } from './numeric.ts';
import { holdContains, holdExact, holdFinish, holdRefused, holdRegex } from './text-rules.ts';
import { holdToolCalls } from './tool-calls.ts';

/** @throws CannotJudge where there is no score to give. */
export function evaluate(check: Check, answer: Answer): MatchResult {
  switch (check.kind) {
    case 'exact':
      return holdExact(check, answer);
    case 'contains':
      return holdContains(check, answer);
    case 'regex':
      return holdRegex(check, answer);
    case 'json':
      return holdJson(check, answer);
    case 'tool_calls':
      return holdToolCalls(check, answer);
    case 'numeric':
      return holdNumeric(check, answer);
    case 'clarify':
      return holdClarify(check, answer);
    case 'finish_reason':
      return holdFinish(check, answer);
    case 'refused':
      return holdRefused(check, answer);
    case 'autoevals':
      return answer.asked.get(check)!;
    case 'all':
      return all(check.of.map((part) => evaluate(part, answer)));
    case 'any':
      return best(check.of.map((part) => evaluate(part, answer)));
    case 'not': {
      const { score, reason } = evaluate(check.of, answer);
      return matchResult(score < 1, score < 1 ? `not so: ${reason}` : `expected otherwise: ${reason}`);
    }
    default:
      return unreachable(check);
  }
}

/** The mean of the parts: of parts that hold or do not, the share that holds. */
function all(parts: readonly MatchResult[]): MatchResult {
  const score = parts.reduce((sum, part) => sum + part.score, 0) / parts.length;
  const wrong = parts.filter((part) => part.score < 1);
  return { score, reason: (wrong.length > 0 ? wrong : parts).map(({ reason }) => reason).join('; ') };
}

function best(parts: readonly MatchResult[]): MatchResult {
  const first = parts.reduce((one, other) => (other.score > one.score ? other : one));
  if (first.score === 1 || parts.length === 1) return first;
  return {
    score: first.score,
    reason: `none of ${parts.length}: ${parts.map(({ reason }, n) => `(${n + 1}) ${reason}`).join(' ')}`,
  };
}
