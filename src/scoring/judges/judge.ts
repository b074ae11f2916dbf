// A model as a judge: its question, put together from a template, and its answer, read as a verdict. The output that it
// judges is anybody's text: it is told as data, and what it says is never followed here.
import type { ChatMessage } from '../../core/chat.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { MediaPart } from '../../core/media.ts';
import type { JudgedOutput, JudgeScorer, ScoredScenario } from '../../core/scoring.ts';
import { endingWords } from '../rules/ending-words.ts';
import { filesIn, filesTold, inputTold, questionMessage } from './shown-input.ts';

const PLACEHOLDER =
  /\{\{\s*(input|files|output|tool_calls|finish_reason|refusal|expect|rubric|id|category|vars\.[^\s{}]+|![^{}]*)\s*\}\}/g;

/** Names that the judge's prompt and system text read. */
export function judgeFields({ prompt, system }: Pick<JudgeScorer, 'prompt' | 'system'>): ReadonlySet<string> {
  const names = [...`${prompt}\n${system ?? ''}`.matchAll(PLACEHOLDER)].map((match) => match[1]!);
  return new Set(names.filter((name) => !name.startsWith('!')));
}

/** The question of one judgement. Each field is put in once: what stands in an output is not looked through again. */
export function judgeMessages(
  scorer: JudgeScorer,
  input: { readonly scenario: ScoredScenario; readonly output: JudgedOutput; readonly rubric: string },
): readonly ChatMessage[] {
  const { scenario, output, rubric } = input;
  const fill = (template: string): string =>
    fillQuestion(template, { placeholder: PLACEHOLDER, asData, scenario, rubric }, (field) => {
      switch (field) {
        case 'output':
          return asData(output.text);
        case 'tool_calls':
          return output.tool_calls.length === 0 ? 'none' : asData(JSON.stringify(output.tool_calls, null, 1));
        case 'finish_reason':
          return output.finish_reason ?? '';
        case 'refusal':
          return output.refusal === undefined ? 'none' : asData(output.refusal);
        default:
          return null;
      }
    });
  const system = scorer.system === null ? [] : [{ role: 'system' as const, content: fill(scorer.system) }];
  const note = hasEndingNote(scorer) ? endingNote(output) : '';
  return [...system, questionMessage(fill(scorer.prompt) + note, filesShown(scorer, scenario))];
}

/** Those of a scenario that go with the question: of a judge that asks for them. */
export function filesShown(
  scorer: Pick<JudgeScorer, 'prompt' | 'system'>,
  { input }: Pick<ScoredScenario, 'input'>,
): readonly MediaPart[] {
  return judgeFields(scorer).has('files') ? filesIn(input) : [];
}

export type Question = {
  readonly placeholder: RegExp;
  /** Keeps text from closing or opening the tags that this question has. */
  readonly asData: (text: string) => string;
  readonly scenario: ScoredScenario;
  readonly rubric: string;
};

/** @param own what stands for a field that only this kind of question has; null = it is none of them */
export function fillQuestion(
  template: string,
  { placeholder, asData, scenario, rubric }: Question,
  own: (field: string) => string | null,
): string {
  return template.replace(placeholder, (_, field: string) => {
    // Braces that are meant as braces.
    if (field.startsWith('!')) return `{{${field.slice(1)}}}`;
    switch (field) {
      case 'input':
        return asData(textOf(inputTold(scenario.input)));
      case 'files':
        return filesTold(scenario.input);
      case 'expect':
        return asData(textOf(scenario.expect));
      case 'rubric':
        return rubric;
      case 'id':
        return scenario.id;
      case 'category':
        return scenario.category ?? '';
      default:
        return own(field) ?? textOf(variableOf(scenario, field.slice('vars.'.length)));
    }
  });
}

/** A prompt that asks how the answer ended says it by itself. */
export function hasEndingNote(scorer: Pick<JudgeScorer, 'prompt' | 'system'>): boolean {
  return !judgeFields(scorer).has('finish_reason');
}

/** Nothing of an answer that ended as answers do: its question stays what it was. */
function endingNote(output: JudgedOutput): string {
  const words = endingWords(output);
  if (words === null) return '';
  const said = output.refusal === undefined ? '' : `\n\n<refusal>\n${asData(output.refusal)}\n</refusal>`;
  return `\n\nKnown of this answer, beside what it says: ${words}.${said}`;
}

/** Names of Object.prototype are no variables. */
export function variableOf({ vars }: Pick<ScoredScenario, 'vars'>, name: string): Json {
  return Object.hasOwn(vars, name) ? (vars[name] ?? null) : null;
}

const CLOSING = /<\/(?=\s*(?:input|answer|tool_calls|expectation|refusal)\b)/gi;

/** What closes a tag of the prompt does not close it from inside. */
function asData(text: string): string {
  return text.replace(CLOSING, '<\\/');
}

export function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

/** In an order of their own: how the manifest puts them is told nobody, and asks for nothing. */
export function labelsOf(choices: NonNullable<JudgeScorer['choices']>): string[] {
  return Object.keys(choices).sort();
}

/** How the prompt that nobody wrote ends. */
export function labelsAsked(labels: readonly string[]): string {
  return `"label": one of ${labels.map((label) => JSON.stringify(label)).join(', ')}}`;
}

/** JSON Schema of a judge's answer: the reason before the verdict, so that the verdict follows from it. */
export function verdictSchema({ choices }: Pick<JudgeScorer, 'choices'>): JsonObject {
  const verdict: JsonObject =
    choices === null
      ? { score: { type: 'number', description: 'From 0 (not at all) to 1 (in every respect).' } }
      : { label: { type: 'string', enum: labelsOf(choices) } };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['reason', ...Object.keys(verdict)],
    properties: { reason: { type: 'string', description: 'Two sentences at most.' }, ...verdict },
  };
}
