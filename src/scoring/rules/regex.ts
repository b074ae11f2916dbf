// The answer matches a pattern, or must not.
import type { Check } from '../../core/scoring.ts';
import { type Answer, type Holding, holding } from '../reading/match-result.ts';
import { compilePattern } from './pattern.ts';
import { clip, quote } from './words.ts';

export function holdRegex(check: Extract<Check, { kind: 'regex' }>, { output }: Answer): Holding {
  const match = compilePattern(check.pattern, check.flags).exec(output.text);
  const pattern = `/${clip(check.pattern, 120)}/`;
  const holds = (match !== null) === check.matches;
  if (match !== null) {
    const found = `${quote(match[0])} matches ${pattern}`;
    return holding(holds, holds ? found : `${found}, and nothing must`);
  }
  const found = `nothing matches ${pattern}`;
  return holding(holds, holds ? found : `${found}; found ${quote(output.text)}`);
}
