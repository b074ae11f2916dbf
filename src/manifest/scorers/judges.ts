// `judge:` of a scorer -> a judge with nothing left to look up: its account, its model, its prompt.
import type { Judge as RawJudge } from '../../core/generated/experiment.ts';
import type { JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { placeholdersIn } from '../../core/placeholders.ts';
import { entryOf } from '../../core/providers/table.ts';
import type { JudgeScorer } from '../../core/scoring.ts';
import { templateProblems } from '../../variants/render.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { paramProblem } from '../variants/params.ts';
import type { Account } from '../variants/providers.ts';
import type { makeTextReader, Text } from '../variants/texts.ts';
import { readAccount } from './asked-account.ts';
import { defaultJudgePrompt, JUDGE_FIELDS, PAIR_FIELDS, PAIR_PROMPT, PAIR_RUBRIC } from './judge-prompt.ts';

export type JudgeSettings = Omit<JudgeScorer, 'name' | 'slug' | 'scope' | 'passAt'>;

export type JudgeReading = {
  readonly reading: Reading;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly text: ReturnType<typeof makeTextReader>;
};

/** `own`: where the judge's settings stand, or where it is asked for. */
export function readJudge(
  { reading, accounts, text }: JudgeReading,
  { raw, own }: { readonly raw: NonNullable<RawJudge>; readonly own: JsonPath },
): JudgeSettings {
  const { provider, model } = readModel({ reading, accounts, raw, own });
  const maxOutputTokens = raw.max_output_tokens ?? null;
  const params = (raw.params ?? {}) as JsonObject;
  for (const name of Object.keys(params)) {
    const problem = paramProblem(name, { maxOutputTokens });
    if (problem) {
      const hint = problem.hint.replace('"template" and the scenarios\' input', '"prompt"');
      say(reading, { path: [...own, 'params', name], part: 'key', code: 'reserved-param', ...problem, hint });
    }
  }
  const choices = raw.choices ?? null;
  const prompt = raw.prompt === undefined ? null : text(raw.prompt, [...own, 'prompt']);
  const isPair = raw.pairwise !== undefined;
  const fields = isPair ? PAIR_FIELDS : JUDGE_FIELDS;
  if (prompt !== null) checkPrompt(prompt, fields);
  if (prompt !== null) (isPair ? checkSeesBoth : checkSeesAnswer)(prompt);
  const textOf = (name: 'system' | 'rubric'): Text | null =>
    raw[name] === undefined ? null : text(raw[name], [...own, name]);
  const [system, rubric] = [textOf('system'), textOf('rubric')];
  if (system !== null) checkPrompt(system, fields);
  if (rubric !== null) warnOfLiterals(rubric, fields);
  warnOfVotes({ reading, raw, own });
  return {
    kind: 'judge',
    provider,
    model,
    maxOutputTokens,
    params,
    choices,
    temperature: raw.temperature === undefined ? 0 : raw.temperature,
    seed: raw.seed ?? null,
    system: system?.text ?? null,
    prompt: prompt?.text ?? (isPair ? PAIR_PROMPT : defaultJudgePrompt(choices)),
    rubric: rubric?.text ?? (isPair ? PAIR_RUBRIC : null),
    votes: raw.votes ?? 1,
    ...(raw.pairwise === undefined ? {} : { pairwise: { against: raw.pairwise } }),
  };
}

type Naming = {
  readonly reading: Reading;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly raw: NonNullable<RawJudge>;
  readonly own: JsonPath;
};

const UNNAMED = { provider: '', model: '' };

function readModel({ reading, accounts, raw, own }: Naming): {
  readonly provider: string;
  readonly model: string;
} {
  const { raw: top, isSpoiled } = reading;
  const account = readAccount(reading, { accounts, written: raw.provider, own, who: 'judge' });
  if (account === null) return UNNAMED;
  const { name: provider } = account.provider;
  // Another account's model would be asked for by a name that it does not know.
  const shared = provider === top.provider ? top.model : undefined;
  const model = raw.model ?? shared ?? account.model ?? entryOf(account.provider.type).defaults.model;
  if (model === null) {
    if (provider === top.provider && isSpoiled(['model'])) return UNNAMED;
    const hint = `write "model:" in the judge, or under providers.${provider}`;
    say(reading, { path: own, part: 'key', code: 'no-model', message: 'the judge has no model', hint });
    return UNNAMED;
  }
  return { provider, model };
}

type Fields = typeof JUDGE_FIELDS | typeof PAIR_FIELDS;

function checkPrompt(prompt: Text, fields: Fields): void {
  for (const { placeholder, name } of templateProblems(prompt.text)) {
    if ((fields as readonly string[]).includes(name)) continue;
    const guess = nearest(name, fields);
    prompt.report({
      ...{ needle: placeholder, code: 'unknown-placeholder', message: `unknown placeholder ${placeholder}` },
      hint: guess
        ? `did you mean {{${guess}}}?`
        : `known: ${fields.map((field) => `{{${field}}}`).join(', ')}, {{vars.NAME}}`,
    });
  }
}

/** Votes are there to be independent. */
function warnOfVotes({ reading, raw, own }: Pick<Naming, 'reading' | 'raw' | 'own'>): void {
  const { votes = 1, temperature } = raw;
  if (votes === 1 || (temperature !== undefined && temperature !== 0)) return;
  const what = temperature === 0 ? 'temperature 0' : 'temperature 0, which is the default,';
  const message = `${votes} votes at ${what} say much the same ${votes} times, and each is paid for`;
  const hint = "give the judge a temperature, such as 0.7 (or null: the model's own), or write votes: 1";
  say(reading, { path: [...own, 'votes'], severity: 'warning', code: 'votes-alike', message, hint });
}

/** A rubric is put into the prompt as it is written. */
function warnOfLiterals(rubric: Text, fields: Fields): void {
  for (const { written, name } of placeholdersIn(rubric.text, 'template')) {
    if (!(fields as readonly string[]).includes(name) && !name.startsWith('vars.')) continue;
    const message = `${written} is told as it stands: a rubric is not filled`;
    const hint = `write ${written} in the judge's "prompt", where {{rubric}} stands, too`;
    rubric.report({ needle: written, severity: 'warning', code: 'not-filled', message, hint });
  }
}

function checkSeesAnswer(prompt: Text): void {
  if (/\{\{\s*(?:output|tool_calls)\s*\}\}/.test(prompt.text)) return;
  const message =
    'the judge would not see the answer: its prompt reads neither {{output}} nor {{tool_calls}}';
  prompt.report({ needle: '', code: 'no-output', message, hint: 'put {{output}} where the answer belongs' });
}

/** Shown one answer alone, it could only guess. */
function checkSeesBoth(prompt: Text): void {
  const lacks = ['first', 'second'].filter(
    (name) => !new RegExp(`\\{\\{\\s*${name}\\s*\\}\\}`).test(prompt.text),
  );
  if (lacks.length === 0) return;
  const names = lacks.map((name) => `{{${name}}}`);
  const message = `the judge would not see both answers: its prompt does not read ${names.join(' and ')}`;
  prompt.report({
    needle: '',
    code: 'no-output',
    message,
    hint: `put ${names.join(' and ')} where the answers belong`,
  });
}
