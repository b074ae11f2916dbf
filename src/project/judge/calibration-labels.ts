// Files of labels: JSONL, a line an answer and what a person says of it. Mistakes are told with their line.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Human } from '../../core/calibration.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import type { JudgedOutput, ScoredScenario, Scorer } from '../../core/scoring.ts';
import { readStrictJson } from '../../core/strict-json.ts';
import { locationAt } from '../../manifest/errors/place.ts';
import { CommandError } from '../open/command-error.ts';

/** Whose answer a label is about. */
export type LabelOf = {
  readonly digest: string | null;
  readonly cell: { readonly variant: string; readonly scenario: string; readonly run: number } | null;
  readonly given: {
    readonly output: JudgedOutput;
    /** Of the manifest; null = the label tells its own. */
    readonly scenario: string | null;
    readonly own: OwnScenario | null;
  } | null;
};

export type OwnScenario = Omit<ScoredScenario, 'id' | 'input'> & { readonly input: string };

export type Label = {
  /** `labels.jsonl:12`. */
  readonly where: string;
  readonly of: LabelOf;
  readonly human: Human;
};

const MOST_BYTES = 100_000_000;
const MOST_TOLD = 10;

/** Mistakes of a line make no label. @throws CommandError where the file cannot be read */
export function readLabels(
  file: string,
  input: {
    readonly shown: string;
    readonly scorer: Scorer;
    /** Ids of the manifest. */
    readonly scenarios: ReadonlySet<string>;
  },
): { readonly labels: readonly Label[]; readonly mistakes: readonly Diagnostic[] } {
  const labels: Label[] = [];
  const mistakes: Diagnostic[] = [];
  textOf(file, input.shown)
    .split('\n')
    .forEach((content, i) => {
      if (content.trim() === '') return;
      const where = `${path.basename(input.shown)}:${i + 1}`;
      const read = readLine(content, input);
      if ('problem' in read) {
        const { problem, hint, spot } = read;
        const location = {
          ...locationAt({
            file,
            text: content,
            spot: spot ?? { offset: 0, length: content.trimEnd().length },
          }),
          line: i + 1,
        };
        mistakes.push({
          severity: 'error',
          code: 'bad-label',
          message: problem,
          location,
          hint,
          related: [],
        });
      } else labels.push({ where, ...read });
    });
  if (labels.length === 0 && mistakes.length === 0)
    throw new CommandError(`${input.shown} holds no label: write a line of JSON for each answer`);
  const more = mistakes.length - MOST_TOLD;
  const told = mistakes.slice(0, MOST_TOLD);
  return {
    labels,
    mistakes:
      more <= 0
        ? told
        : [
            ...told,
            { ...told.at(-1)!, message: `${more} more lines have mistakes`, location: null, hint: null },
          ],
  };
}

function textOf(file: string, shown: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > MOST_BYTES) throw new CommandError(`${shown} is larger than 100 MB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    const why = cause instanceof TypeError ? 'it is not UTF-8' : (cause as Error).message;
    throw new CommandError(`${shown} cannot be read: ${why}`);
  }
}

type Wrong = {
  readonly problem: string;
  readonly hint: string | null;
  readonly spot?: { readonly offset: number; readonly length: number };
};

const wrong = (problem: string, hint: string | null = null): Wrong => ({ problem, hint });

type Read = Pick<Label, 'of' | 'human'>;

function readLine(
  content: string,
  input: { readonly scorer: Scorer; readonly scenarios: ReadonlySet<string> },
): Read | Wrong {
  const read = readStrictJson(content);
  if (read.kind === 'err') {
    const { message, hint, offset, length } = read.error;
    return { problem: message, hint, spot: { offset, length } };
  }
  const line = read.value;
  if (!isJsonObject(line)) return wrong('a label is a JSON object', EXAMPLE);
  const human = readHuman(line.human, input.scorer);
  if ('problem' in human) return human;
  const of = readOf(line, input.scenarios);
  return 'problem' in of ? of : { of, human };
}

const EXAMPLE =
  'such as {"variant": "a", "scenario": "s1", "run": 1, "human": true} or {"scenario": "s1", "output": "...", "human": 0.5}';

function readHuman(written: Json | undefined, scorer: Scorer): Human | Wrong {
  if (written === undefined || written === null)
    return wrong('it does not say what a person says of the answer: "human" is missing', EXAMPLE);
  const none = { passed: null, score: null, label: null, rater: null };
  const human: Human | null =
    typeof written === 'boolean'
      ? { ...none, passed: written }
      : typeof written === 'number'
        ? { ...none, score: written }
        : typeof written === 'string'
          ? { ...none, label: written }
          : isJsonObject(written)
            ? membersOf(written)
            : null;
  if (human === null || (human.passed === null && human.score === null && human.label === null))
    return wrong(
      '"human" says nothing',
      'true or false, a number 0..1, a label, or {passed, score, label, rater}',
    );
  return problemOf(human, scorer) ?? human;
}

function membersOf({ passed, score, label, rater }: JsonObject): Human | null {
  const fits =
    (passed === undefined || passed === null || typeof passed === 'boolean') &&
    (score === undefined || score === null || typeof score === 'number') &&
    [label, rater].every((one) => one === undefined || one === null || typeof one === 'string');
  if (!fits) return null;
  return {
    passed: (passed as boolean | null | undefined) ?? null,
    score: (score as number | null | undefined) ?? null,
    label: (label as string | null | undefined) ?? null,
    rater: (rater as string | null | undefined) ?? null,
  };
}

function problemOf({ score, label, passed }: Human, scorer: Scorer): Wrong | null {
  if (score !== null && (score < 0 || score > 1))
    return wrong(`a score of ${score} is not within 0..1`, 'of five stars, four are 0.75');
  if (label === null) return null;
  const choices = scorer.kind === 'judge' ? scorer.choices : null;
  if (choices === null)
    return passed !== null || score !== null
      ? null
      : wrong(
          `the scorer ${JSON.stringify(scorer.name)} has no choices that the label ${JSON.stringify(label)} could be one of`,
          'write true or false, or a number 0..1',
        );
  if (Object.hasOwn(choices, label)) return null;
  const known = Object.keys(choices);
  const guess = nearest(label, known);
  return wrong(
    `${JSON.stringify(label)} is none of the choices of ${JSON.stringify(scorer.name)}`,
    guess === null ? `known: ${known.join(', ')}` : `did you mean ${JSON.stringify(guess)}?`,
  );
}

function readOf(line: JsonObject, scenarios: ReadonlySet<string>): LabelOf | Wrong {
  const { output_digest: digest, variant, scenario, run, output, input } = line;
  const given = output === undefined ? null : outputOf(output);
  if (output !== undefined && given === null)
    return wrong(
      '"output" is no answer',
      'write its text, or {"text": ..., "tool_calls": [{"name": ..., "arguments": {}}]}',
    );
  const id = typeof scenario === 'string' ? scenario : null;
  const cell = typeof variant === 'string' && id !== null ? { variant, scenario: id, run: runOf(run) } : null;
  if (cell !== null && cell.run === null) return wrong('"run" is a whole number from 1 on');
  const of = {
    digest: typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? digest : null,
    cell: cell as LabelOf['cell'],
  };
  if (given === null) {
    if (of.digest !== null || of.cell !== null) return { ...of, given: null };
    return wrong('it does not say which answer is meant', EXAMPLE);
  }
  if (
    input === undefined &&
    (id === null || (!scenarios.has(id) && of.cell === null && of.digest === null))
  ) {
    if (id === null)
      return wrong('it does not say what was asked: "scenario" or "input" is missing', EXAMPLE);
    const guess = nearest(id, scenarios);
    const hint =
      guess === null
        ? 'name one of the manifest, or write its "input"'
        : `did you mean ${JSON.stringify(guess)}?`;
    return wrong(`there is no scenario ${JSON.stringify(id)}`, hint);
  }
  if (id !== null && scenarios.has(id)) return { ...of, given: { output: given, scenario: id, own: null } };
  if (typeof input !== 'string')
    return input === undefined ? { ...of, given: null } : wrong('"input" is a text');
  const { expect = null, vars, category } = line;
  const own: OwnScenario = {
    input,
    expect,
    vars: isJsonObject(vars) ? vars : {},
    category: typeof category === 'string' ? category : null,
  };
  return { ...of, given: { output: given, scenario: null, own } };
}

function runOf(run: Json | undefined): number | null {
  if (run === undefined) return 1;
  return typeof run === 'number' && Number.isInteger(run) && run > 0 ? run : null;
}

/** An answer that ended as most do: equal ones that were drawn share its verdict. */
function outputOf(output: Json): JudgedOutput | null {
  if (typeof output === 'string') return { text: output, tool_calls: [], finish_reason: 'stop' };
  if (!isJsonObject(output)) return null;
  const { text = '', tool_calls: calls = [], finish_reason: ended = 'stop' } = output;
  if (typeof text !== 'string' || !Array.isArray(calls) || typeof ended !== 'string') return null;
  const read = (calls as readonly Json[]).flatMap((call) =>
    isJsonObject(call) && typeof call.name === 'string' && isJsonObject(call.arguments ?? {})
      ? [{ name: call.name, arguments: (call.arguments ?? {}) as JsonObject }]
      : [],
  );
  return read.length === calls.length ? { text, tool_calls: read, finish_reason: ended } : null;
}
