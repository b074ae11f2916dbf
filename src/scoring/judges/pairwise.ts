// A judge of two answers: which one it prefers. Both are anybody's text, told as data; neither is named, so that nothing but
// its place could favour one, and that is seen by asking in both orders.
import type { ChatMessage } from '../../core/chat.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { JudgedOutput, JudgeScorer, ScoredScenario, Verdict } from '../../core/scoring.ts';
import { endingWords } from '../rules/ending-words.ts';
import { filesShown, fillQuestion } from './judge.ts';
import { questionMessage } from './shown-input.ts';

/** Where an answer is shown. */
export type Place = 'first' | 'second';

const PLACEHOLDER =
  /\{\{\s*(input|files|first|second|expect|rubric|id|category|vars\.[^\s{}]+|![^{}]*)\s*\}\}/g;

/** The question of one judgement. Each field is put in once: what stands in an answer is not looked through again. */
export function pairMessages(
  scorer: JudgeScorer,
  input: {
    readonly scenario: ScoredScenario;
    readonly first: JudgedOutput;
    readonly second: JudgedOutput;
    readonly rubric: string;
  },
): readonly ChatMessage[] {
  const { scenario, first, second, rubric } = input;
  const fill = (template: string): string =>
    fillQuestion(template, { placeholder: PLACEHOLDER, asData, scenario, rubric }, (field) => {
      if (field === 'first') return answerText(first);
      return field === 'second' ? answerText(second) : null;
    });
  const system = scorer.system === null ? [] : [{ role: 'system' as const, content: fill(scorer.system) }];
  const notes = endingNote('first', first) + endingNote('second', second);
  return [...system, questionMessage(fill(scorer.prompt) + notes, filesShown(scorer, scenario))];
}

/** Its calls belong to it. */
function answerText({ text, tool_calls }: JudgedOutput): string {
  if (tool_calls.length === 0) return asData(text);
  const calls = `<tool_calls>\n${asData(JSON.stringify(tool_calls, null, 1))}\n</tool_calls>`;
  return text === '' ? calls : `${asData(text)}\n\n${calls}`;
}

function endingNote(place: Place, output: JudgedOutput): string {
  const words = endingWords(output);
  if (words === null) return '';
  const said = output.refusal === undefined ? '' : `\n\n<refusal>\n${asData(output.refusal)}\n</refusal>`;
  return `\n\nKnown of the ${place} answer, beside what it says: ${words}.${said}`;
}

/** No end of a tag of the prompt, and no beginning of one that is written here. */
const TAGS = /<(?=\/\s*(?:input|first|second|tool_calls|expectation|refusal)\b|tool_calls\b)/gi;

function asData(text: string): string {
  return text.replace(TAGS, '<\\');
}

const WINNERS = ['first', 'second', 'tie'] as const;

/** JSON Schema of its answer: the reason before the verdict, so that the verdict follows from it. */
export const PAIR_SCHEMA: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['reason', 'winner'],
  properties: {
    reason: { type: 'string', description: 'Two sentences at most.' },
    winner: { type: 'string', enum: [...WINNERS] },
  },
};

const MAX_REASON = 2_000;

/** The label is the place that was preferred, the score how that is for the judged answer. */
export function readWinner(value: Json, own: Place): Result<Verdict, string> {
  const winner = isJsonObject(value) ? value.winner : undefined;
  if (!isJsonObject(value) || !WINNERS.some((one) => one === winner)) {
    const said = JSON.stringify(winner ?? null).slice(0, 100);
    return err(`"winner" is one of ${WINNERS.join(', ')}, not ${said}`);
  }
  const { reason } = value;
  return ok({
    score: winner === 'tie' ? 0.5 : Number(winner === own),
    passed: null,
    label: winner as string,
    reason: typeof reason === 'string' ? reason.slice(0, MAX_REASON).toWellFormed() : null,
  });
}

/** What both orders come to. `order`: the same place was preferred in both, so it was the place that won. */
export type Preference = 'win' | 'loss' | 'tie' | 'order';

/** Of one order each, by the label that it was given. */
export function preferenceOf(ownFirst: string, ownSecond: string): Preference {
  if (ownFirst === 'first' && ownSecond === 'second') return 'win';
  if (ownFirst === 'second' && ownSecond === 'first') return 'loss';
  return ownFirst === ownSecond && ownFirst !== 'tie' ? 'order' : 'tie';
}

export const SCORE_OF: { readonly [preference in Preference]: number } = {
  win: 1,
  loss: 0,
  tie: 0.5,
  order: 0.5,
};
