// The rules by name, and what may be written for each: `content` says what is expected, `manner` how it is looked at.
import type { Json, JsonObject } from '../../core/json.ts';
import type { RuleKind } from '../../core/scoring.ts';

/** A rule that stands in an expectation under its own name. */
export type SingleRule = Exclude<RuleKind, 'expect'>;

type Written = {
  readonly content: readonly string[];
  /** With the values that hold where nothing is said. */
  readonly manner: JsonObject;
};

export const RULES: { readonly [kind in SingleRule]: Written } = {
  exact: { content: ['text'], manner: { trim: true, ignore_case: false } },
  contains: { content: ['all', 'any', 'none'], manner: { ignore_case: true } },
  regex: { content: ['pattern'], manner: { flags: '', matches: true } },
  json: { content: ['schema', 'values', 'equals'], manner: {} },
  tool_calls: { content: ['calls'], manner: { order: 'any', extra: 'refused' } },
  numeric: { content: ['value'], manner: { tolerance: 0, relative: 0, locale: '' } },
  clarify: { content: ['clarify'], manner: {} },
  finish_reason: { content: ['words'], manner: {} },
  refused: { content: ['refused'], manner: {} },
  autoevals: { content: ['expected'], manner: { scorer: '', options: {} } },
};

export const SINGLE_RULES = Object.keys(RULES) as readonly SingleRule[];

export function isSingleRule(name: string): name is SingleRule {
  return Object.hasOwn(RULES, name);
}

/** They join rules; each holds expectations. */
export const COMBINERS = ['any', 'all', 'not'] as const;

/** What a scorer may be, in the order of the documentation. */
export const SCORER_KINDS = [
  'expect',
  ...SINGLE_RULES,
  'outcome',
  'precomputed',
  'judge',
  'embedding',
  'use',
  'command',
] as const;

/** Of the package autoevals, those that call no model, and what their expectation is. */
export const AUTOEVALS: { readonly [scorer: string]: 'text' | 'number' | 'list' | 'json' | 'schema' } = {
  Levenshtein: 'text',
  NumericDiff: 'number',
  JSONDiff: 'json',
  ExactMatch: 'json',
  ListContains: 'list',
  ValidJSON: 'schema',
};

/** Those that call one: outside of lanes, budget, retries and keys. */
export const AUTOEVALS_WITH_MODEL: readonly string[] = [
  ...[
    'AnswerCorrectness',
    'AnswerRelevancy',
    'AnswerSimilarity',
    'Battle',
    'ClosedQA',
    'ContextEntityRecall',
  ],
  ...[
    'ContextPrecision',
    'ContextRecall',
    'ContextRelevancy',
    'EmbeddingSimilarity',
    'Factuality',
    'Faithfulness',
  ],
  ...['Humor', 'Moderation', 'Possible', 'Security', 'Sql', 'Summary', 'Translation'],
];

/** Only the own members: what is written may be called `constructor`. */
export function ownValue(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
