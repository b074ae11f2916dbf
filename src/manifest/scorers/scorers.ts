// `scorers:` -> every scorer with nothing left to look up; where there are none, those that the scenarios ask for.

import path from 'node:path';
import type {
  Judge as RawJudge,
  ScorerScope as RawScope,
  Scorer as RawScorer,
} from '../../core/generated/experiment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Variant } from '../../core/manifest.ts';
import { keyedPassAt } from '../../core/meaning.ts';
import type { Scorer, ScorerScope } from '../../core/scoring.ts';
import { hasRules, isSingleRule, readOptions, readWhole } from '../../scoring/expectations/expectation.ts';
import { slugOf } from '../../variants/expand.ts';
import { isFileAt } from '../code/project-files.ts';
import { openDocument } from '../documents/document.ts';
import { nameProblem } from '../documents/names.ts';
import { missingFileHint } from '../documents/near-file.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { checkSchemas, expectationPlace, type SeenSchema } from '../scenarios/expectation-words.ts';
import { checkExpectations, type Declared } from '../scenarios/expectations.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import type { Account } from '../variants/providers.ts';
import { makeTextReader } from '../variants/texts.ts';
import type { JudgeReading } from './judges.ts';
import { bare, checkStray, defaultName, type Kind, kindOf, reportNames } from './kinds.ts';
import { isAboutTests, ofTests, readOutcome } from './outcome.ts';
import { checkPairs } from './pairwise.ts';
import { readPrecomputed } from './precomputed.ts';

export type ScorersInput = {
  readonly reading: Reading;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly scenarios: readonly FoundScenario[];
  readonly variants: readonly Variant[];
};

export async function readScorers(input: ScorersInput): Promise<readonly Scorer[]> {
  const { reading, scenarios } = input;
  const schemas: SeenSchema[] = [];
  const judges: JudgeReading = { reading, accounts: input.accounts, text: makeTextReader(reading) };
  const declared: Declared[] = [];
  for (const [n, raw] of (reading.raw.scorers ?? []).entries()) {
    // One that the schema refused was told of.
    if (raw === undefined) continue;
    const scorer = await readScorer({ reading, judges, schemas, raw, own: ['scorers', n] });
    if (scorer !== null) declared.push({ scorer, own: ['scorers', n] });
  }
  reportNames(reading, declared);
  checkPairs(reading, { declared, variants: input.variants });
  // What only says whether tests are judged leaves the scenarios to decide about the rest.
  const isSilent = (reading.raw.scorers ?? []).every(isAboutTests) && !reading.isSpoiled(['scorers']);
  const asked = isSilent ? await implicitScorers(judges, scenarios) : [];
  const hasTests = input.variants.some(({ harness }) => harness?.kind === 'pytest');
  const scorers = [
    ...ofTests({ raw: reading.raw.scorers ?? [], declared, asked, hasTests }),
    ...asked,
    ...declared.map(({ scorer }) => scorer),
  ];
  checkExpectations({ reading, scorers, scenarios, schemas, declared, hasTests });
  await checkSchemas(schemas);
  return scorers;
}

type Making = {
  readonly reading: Reading;
  readonly judges: JudgeReading;
  readonly schemas: SeenSchema[];
  readonly raw: string | RawScorer;
  /** Its place among `scorers:`. */
  readonly own: JsonPath;
};

async function readScorer(making: Making): Promise<Scorer | null> {
  const { reading, own } = making;
  const raw: RawScorer = typeof making.raw === 'string' ? bare(making.raw) : making.raw;
  const kind = kindOf(making, raw);
  if (kind === null) return null;
  const isRule = kind === 'expect' || isSingleRule(kind);
  checkStray({ reading, own, raw, kind });
  const name = raw.name ?? defaultName(kind, raw);
  const problem = nameProblem("the scorer's name", name);
  if (problem) say(reading, { path: [...own, 'name'], code: 'bad-name', ...problem });
  const common = {
    name,
    slug: slugOf(name, 'scorer'),
    scope: scopeOf(raw.only),
    passAt: raw.pass_at ?? (isRule ? 1 : kind === 'embedding' ? keyedPassAt(kind)! : 0.5),
    ...calibrateOf(making, raw),
  };
  switch (kind) {
    case 'judge': {
      const { readJudge } = await import('./judges.ts');
      return {
        ...common,
        ...readJudge(making.judges, {
          raw: (raw.judge ?? {}) as NonNullable<RawJudge>,
          own: [...own, 'judge'],
        }),
      };
    }
    case 'embedding': {
      const { readEmbedding } = await import('./embedding.ts');
      const settings = readEmbedding(making.judges, { raw: raw.embedding ?? {}, own: [...own, 'embedding'] });
      return settings && { ...common, ...settings };
    }
    case 'outcome': {
      const lists = readOutcome(reading, { written: raw.outcome, at: [...own, 'outcome'] });
      return lists && { ...common, kind, passAt: 1, ...lists };
    }
    case 'precomputed': {
      const taken = readPrecomputed(reading, { written: raw.precomputed, at: [...own, 'precomputed'] });
      return taken && { ...common, ...taken };
    }
    case 'use':
    case 'command':
      return { ...common, ...(await readProgram(making, raw)) };
    default: {
      const options = ruleOptions(making, { kind, written: (raw[kind] ?? null) as Json });
      return options && { ...common, kind, options };
    }
  }
}

/** It is read by who asks for it alone; that it is there is looked at here, where its name is written. */
function calibrateOf({ reading, own }: Making, { calibrate }: RawScorer): Pick<Scorer, 'calibrate'> {
  if (calibrate === undefined) return {};
  const file = path.resolve(reading.folder, calibrate);
  if (!isFileAt(file)) {
    const message = `${calibrate} does not exist`;
    const hint = missingFileHint({ file, shown: calibrate });
    say(reading, { path: [...own, 'calibrate'], code: 'not-found', message, hint });
  }
  return { calibrate };
}

function scopeOf(only: RawScope | undefined): ScorerScope {
  const list = (globs: string | readonly string[] | undefined): readonly string[] =>
    globs === undefined ? [] : typeof globs === 'string' ? [globs] : globs;
  return { scenario: list(only?.scenario), category: list(only?.category), tag: list(only?.tag) };
}

async function readProgram({ reading, own }: Making, raw: RawScorer) {
  const [{ makeCodeReader }, { readCommand, readModule }, { readInputs }] = await Promise.all([
    import('../code/code.ts'),
    import('../variants/harness.ts'),
    import('../variants/inputs.ts'),
  ]);
  const of = { path: own, code: makeCodeReader(reading, raw.inputs) };
  const more = await readInputs(reading, { patterns: raw.inputs ?? [], at: [...own, 'inputs'] });
  const withInputs = <One extends { readonly code: { readonly files: typeof more } }>(harness: One): One => {
    const files = new Map([...harness.code.files, ...more].map((file) => [file.path, file] as const));
    const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { ...harness, code: { ...harness.code, files: sorted } };
  };
  const options = (raw.options ?? {}) as JsonObject;
  if (raw.use !== undefined) {
    return {
      kind: 'code',
      harness: withInputs(await readModule({ ...raw, use: raw.use }, of)),
      options,
    } as const;
  }
  const harness = await readCommand({ ...raw, command: raw.command! }, of);
  return { kind: 'command', harness: withInputs(harness), options } as const;
}

type RuleKind = Exclude<Kind, 'outcome' | 'precomputed' | 'judge' | 'embedding' | 'use' | 'command'>;

function ruleOptions(
  { reading, schemas, own }: Making,
  { kind, written }: { readonly kind: RuleKind; readonly written: Json },
): JsonObject | null {
  const place = expectationPlace({
    findings: reading.findings,
    file: reading.document.file,
    schemas,
    locate: (target) => reading.document.locate({ ...target, path: [...own, kind, ...target.path] }),
  });
  if (kind === 'expect') return readWhole(written, place);
  const filled = kind === 'json' ? withSchema(reading, { written, at: [...own, kind, 'schema'] }) : written;
  return filled === undefined ? null : readOptions(kind, filled, place);
}

/** `schema: answer.schema.json` -> what is in that file; undefined: it cannot be read, which was told. */
function withSchema(
  reading: Reading,
  input: { readonly written: Json; readonly at: JsonPath },
): Json | undefined {
  const { written } = input;
  if (!isJsonObject(written) || typeof written.schema !== 'string') return written;
  const shown = written.schema;
  const { folder, findings } = reading;
  const namedAt = () => reading.document.locate({ path: input.at, part: 'value' });
  const document = openDocument({
    file: path.resolve(folder, shown),
    shown,
    folder,
    findings,
    namedAt,
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  if (document === null) return undefined;
  if (isJsonObject(document.value)) return { ...written, schema: document.value };
  const message = `${shown} holds no JSON Schema: that is a map`;
  say(reading, { path: input.at, code: 'wrong-type', message });
  return undefined;
}

const EVERYWHERE: ScorerScope = { scenario: [], category: [], tag: [] };

/** Expectations that nobody reads would be a surprise: each kind of them has its scorer. */
async function implicitScorers(
  judges: JudgeReading,
  scenarios: readonly FoundScenario[],
): Promise<readonly Scorer[]> {
  const scorers: Scorer[] = [];
  if (scenarios.some(({ scenario }) => hasRules(scenario.expect))) {
    scorers.push({
      kind: 'expect',
      name: 'expect',
      slug: 'expect',
      passAt: 1,
      scope: EVERYWHERE,
      options: {},
    });
  }
  const asked = scenarios.some(
    ({ scenario: { expect } }) => isJsonObject(expect) && Object.hasOwn(expect, 'judge'),
  );
  if (asked) {
    const { readJudge } = await import('./judges.ts');
    const settings = readJudge(judges, { raw: {}, own: ['provider'] });
    scorers.push({ name: 'judge', slug: 'judge', passAt: 0.5, scope: EVERYWHERE, ...settings });
  }
  return scorers;
}
