// The answer asks back and calls nothing. What asks is a table (clarify-words.ts); what asks and acts in one breath is told
// to be undecided.
import type { Check } from '../../core/scoring.ts';
import { type Answer, CannotJudge, type MatchResult, matchResult } from '../reading/match-result.ts';
import { ACTED, COURTESY, REQUESTS } from './clarify-words.ts';
import { quote, showCall } from './words.ts';

/** @throws CannotJudge where a question is followed by what reads as its answer */
export function holdClarify(check: Extract<Check, { kind: 'clarify' }>, { output }: Answer): MatchResult {
  const called = output.tool_calls[0];
  const asking = called === undefined ? askingOf(output.text) : 'no';
  if (asking === 'unsure') {
    throw new CannotJudge(
      `whether it asks back cannot be told, as it goes on after its question: ${quote(output.text)}`,
    );
  }
  const asks = asking === 'yes';
  const found = called
    ? `called ${showCall(called)}`
    : `${asks ? 'asked' : 'asked nothing'}: ${quote(output.text)}`;
  if (asks === check.clarify) return matchResult(true, found);
  return matchResult(
    false,
    `${check.clarify ? 'expected a question and no tool call' : 'expected no question'}; ${found}`,
  );
}

/** A question mark where a sentence ends, in many scripts; the one in an address is none. */
const QUESTION = /[?？؟⁇⁈⁉\u037e՞፧꘏⳺][!?！？.…]*(?=$|[\s"'”’»」』)\]*_])/u;
/** They ask by their last word. */
const PARTICLE = /(?:ですか|ますか|でしょうか|吗|嗎|呢|니까|까요|나요)\s*[。.]?\s*["'”’»」』)\]*_]*$/u;
const GREEK = /\p{Script=Greek}[^;\n]*;\s*$/u;
const BOUNDARY =
  /(?<=[.!?？！。؟…\u037e][*_"'”’»」』)\]]{0,3})\s+|(?<=[。？！])(?![。？！"'”’»」』)\]])|\n+/u;

function askingOf(written: string): 'yes' | 'no' | 'unsure' {
  const sentences = withoutQuotes(written.trim())
    .split(BOUNDARY)
    .map((one) => one.slice(0, MAX_SENTENCE).trim())
    .filter((one) => one !== '');
  const asked = sentences.flatMap((one, n) => (isAsking(one) ? [n] : []));
  const last = asked.at(-1);
  if (last === undefined) return 'no';
  const after = sentences.slice(last + 1).filter((one) => !isCourtesy(one));
  return after.some((one) => ACTED.test(one)) ? 'unsure' : 'yes';
}

/** Of a longer one its end would not be known, and patterns of words look at each place anew. */
const MAX_SENTENCE = 2_000;

function isAsking(sentence: string): boolean {
  if (isCourtesy(sentence)) return false;
  if (QUESTION.test(sentence) || PARTICLE.test(sentence) || GREEK.test(sentence)) return true;
  return REQUESTS.some((form) => form.test(sentence));
}

function isCourtesy(sentence: string): boolean {
  return COURTESY.some((form) => form.test(sentence));
}

const QUOTED =
  /"[^"\n]{1,500}"|“[^”\n]{1,500}”|«[^»\n]{1,500}»|「[^」\n]{1,500}」|『[^』\n]{1,500}』|`[^`\n]{1,500}`/gu;

/** What others said, code and citations ask nobody; an answer that is nothing but a quotation speaks for itself. */
function withoutQuotes(text: string): string {
  const own = text
    .split(/^(?:```|~~~).*$/m)
    .filter((_, n) => n % 2 === 0)
    .join('\n')
    .replace(/^[ \t]{0,3}>.*$/gm, '')
    .replace(QUOTED, 'X');
  return /[\p{L}\p{N}]/u.test(own.replaceAll('X', '')) ? own : text;
}
