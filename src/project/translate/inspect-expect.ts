// Scorers of Inspect -> what each scenario expects, by its targets. Each is a scorer of its own, as there.
import type { Json, JsonObject } from '../../core/json.ts';
import type { Notes } from './draft.ts';
import { type InspectPart, type InspectSample, isNoModel } from './inspect-task.ts';

export type TranslatedScorer = {
  /** Under which scenarios say what they expect. */
  readonly key: string;
  readonly declared: (input: { readonly name: string; readonly isAlone: boolean }) => Json;
  readonly isJudge: boolean;
  /** null: it does not apply to a sample without a target. */
  readonly expect: (sample: InspectSample) => Json | null;
  /** The model that judges; null = nobody says it. */
  readonly grader: string | null;
};

export function translateScorers(scorers: readonly InspectPart[], notes: Notes): readonly TranslatedScorer[] {
  return scorers.flatMap((scorer) => translated(scorer, notes) ?? []);
}

type Make = (sample: InspectSample) => Json | null;

function translated(scorer: InspectPart, notes: Notes): TranslatedScorer | null {
  const { name, options, unread, place } = scorer;
  const leave = (what: string, why: string): null => {
    notes.left.push({ place, what, why });
    return null;
  };
  for (const one of unread) leave(`scorer ${name}: ${one}`, 'it would have to be run');
  if (name.startsWith('model_graded_')) {
    for (const one of Object.keys(options).filter(
      (option) => option !== 'model' && option !== 'partial_credit',
    ))
      leave(
        `scorer ${name}: ${one}`,
        'the words of a judge stand with it: judge: { prompt: ..., rubric: ... } (docs/scorers.md)',
      );
    const before =
      name === 'model_graded_fact'
        ? 'Says what this says, whatever else it says: '
        : 'Answers the question as this does, or meets this criterion: ';
    const isPartial = options.partial_credit === true;
    return {
      key: 'judge',
      declared: () => ({
        judge: isPartial ? { choices: { C: 1, P: 0.5, I: 0 } } : { choices: { C: 1, I: 0 } },
        name: 'judge',
      }),
      isJudge: true,
      grader: typeof options.model === 'string' && !isNoModel(options.model) ? options.model : null,
      expect: ({ targets }) => (targets.length === 0 ? null : `${before}${targets.join(' / ')}`),
    };
  }
  const make = makerOf(scorer);
  if (typeof make === 'string') return leave(`scorer ${name}`, make);
  return {
    key: name,
    declared: ({ name: given, isAlone }) => (isAlone ? 'expect' : { expect: null, name: given }),
    isJudge: false,
    grader: null,
    expect: (sample) => (sample.targets.length === 0 ? null : make(sample)),
  };
}

/** Text: why there is none. */
function makerOf({ name, options }: InspectPart): Make | string {
  const isAnyCase = (options.ignore_case ?? true) === true;
  switch (name) {
    case 'includes':
      return ({ targets }) => ({
        contains: { any: targets, ignore_case: (options.ignore_case ?? options['0'] ?? true) === true },
      });
    case 'exact':
      return ({ targets }) => ({ exact: { text: targets, ignore_case: true } });
    case 'match':
      return matcher({
        location: String(options.location ?? options['0'] ?? 'end'),
        isNumeric: (options.numeric ?? options['2']) === true,
        isAnyCase,
      });
    case 'pattern':
      return patternMaker(options.pattern ?? options['0'], isAnyCase);
    case 'answer':
      return answerMaker(String(options.pattern ?? options['0'] ?? ''));
    case 'choice':
      return ({ targets }) =>
        regex(
          `ANSWER\\s*:\\s*${targets
            .flatMap((one) => one.split(/[\s,]+/))
            .map(escaped)
            .join('\\s*(?:,|and)?\\s*')}(?![A-Za-z])`,
          true,
        );
    case 'f1':
      return 'nearness of words is scorers: [{ autoevals: Levenshtein }] or own code: scorers: [{ use: ./score.ts }]';
    default:
      return 'it is code: judge by scorers: [{ use: ./score.ts }], or let a judge tell';
  }
}

function matcher({
  location,
  isNumeric,
  isAnyCase,
}: {
  readonly location: string;
  readonly isNumeric: boolean;
  readonly isAnyCase: boolean;
}): Make | string {
  if (isNumeric)
    return ({ targets: [target = ''] }) => {
      const number = Number(target.replace(/[,$%\s]/g, ''));
      return target.trim() !== '' && Number.isFinite(number) ? { numeric: number } : { contains: target };
    };
  switch (location) {
    case 'any':
      return ({ targets }) => ({ contains: { any: targets, ignore_case: isAnyCase } });
    case 'exact':
      return ({ targets }) => ({ exact: { text: targets, ignore_case: isAnyCase } });
    case 'begin':
      return ({ targets }) => regex(`^[\\s\\p{P}]*${oneOf(targets)}`, isAnyCase);
    case 'end':
      return ({ targets }) => regex(`${oneOf(targets)}[\\s\\p{P}]*$`, isAnyCase);
    default:
      return `its location ${location} is not known here`;
  }
}

/** What the group finds has to be the target: the target stands in the place of the group. */
function patternMaker(pattern: Json | undefined, isAnyCase: boolean): Make | string {
  if (typeof pattern !== 'string') return 'its pattern would have to be run';
  const groups = [...pattern.matchAll(/(?<!\\)\((?!\?)/g)];
  const [group] = groups;
  const end = group === undefined ? -1 : closing(pattern, group.index);
  if (groups.length !== 1 || end < 0 || /\(\?P</.test(pattern))
    return 'its pattern has not one group that is held against the target: write it as regex under expect';
  return ({ targets }) =>
    regex(`${pattern.slice(0, group!.index)}${oneOf(targets)}${pattern.slice(end + 1)}`, isAnyCase);
}

function closing(pattern: string, open: number): number {
  let depth = 0;
  for (let at = open; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === '(') depth++;
    else if (pattern[at] === ')' && --depth === 0) return at;
  }
  return -1;
}

function answerMaker(kind: string): Make | string {
  const ends: { readonly [kind: string]: string | undefined } = {
    letter: '(?![A-Za-z])',
    word: '(?!\\w)',
    line: '\\s*(?:\\n|$)',
  };
  const end = ends[kind];
  return end === undefined
    ? `its form ${JSON.stringify(kind)} is not known here`
    : ({ targets }) => regex(`ANSWER\\s*:\\s*${oneOf(targets)}${end}`, true);
}

function regex(pattern: string, isAnyCase: boolean): JsonObject {
  return { regex: { pattern, ...(isAnyCase ? { flags: 'i' } : {}) } };
}

function oneOf(targets: readonly string[]): string {
  return targets.length === 1 ? escaped(targets[0]!) : `(?:${targets.map(escaped).join('|')})`;
}

function escaped(text: string): string {
  return text.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&');
}
