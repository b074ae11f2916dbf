// `scorers:` -> every scorer with nothing left to look up; where there are none, those that the scenarios ask for.
import path from 'node:path';
import type {
  Judge as RawJudge,
  ScorerScope as RawScope,
  Scorer as RawScorer,
} from '../../core/generated/experiment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Variant } from '../../core/manifest.ts';
import type { Scorer, ScorerScope } from '../../core/scoring.ts';
import {
  hasRules,
  isSingleRule,
  isTakenName,
  readOptions,
  readWhole,
  SCORER_KINDS,
} from '../../scoring/expectations/expectation.ts';
import { slugOf } from '../../variants/expand.ts';
import { isFileAt } from '../code/project-files.ts';
import { openDocument } from '../documents/document.ts';
import { nameProblem } from '../documents/names.ts';
import { missingFileHint } from '../documents/near-file.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import { didYouMean } from '../errors/nearest.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { checkSchemas, expectationPlace, type SeenSchema } from '../scenarios/expectation-words.ts';
import { checkExpectations, type Declared } from '../scenarios/expectations.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import type { Account } from '../variants/providers.ts';
import { makeTextReader } from '../variants/texts.ts';
import type { JudgeReading } from './judges.ts';
import { isAboutTests, ofTests, readOutcome } from './outcome.ts';
import { checkPairs } from './pairwise.ts';
import { precomputedName, readPrecomputed } from './precomputed.ts';

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

type Kind = (typeof SCORER_KINDS)[number];

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
    passAt: raw.pass_at ?? (isRule ? 1 : 0.5),
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

/** `- tool_calls` is `- tool_calls: null`; a word that is no kind stays for `kindOf` to complain about. */
function bare(kind: string): RawScorer {
  return { [kind]: null } as RawScorer;
}

function kindOf({ reading, own, raw: written }: Making, raw: RawScorer): Kind | null {
  const kinds = SCORER_KINDS.filter((kind) => raw[kind] !== undefined);
  const [kind] = kinds;
  const known = `known here: ${SCORER_KINDS.join(', ')}`;
  if (typeof written === 'string' && (kind === undefined || kind === 'use' || kind === 'command')) {
    const message =
      kind === undefined
        ? `there is no scorer ${JSON.stringify(written)}`
        : `${JSON.stringify(kind)} does not say what to run`;
    const example = kind === 'use' ? 'write: use: ./score.ts' : 'write: command: [python3, score.py]';
    const hint = kind === undefined ? (didYouMean(written, SCORER_KINDS) ?? known) : example;
    say(reading, { path: own, code: 'unknown-scorer', message, hint });
    return null;
  }
  if (kind === undefined) {
    say(reading, {
      path: own,
      code: 'missing-key',
      message: 'this scorer does not say what kind it is',
      hint: known,
    });
    return null;
  }
  if (kinds.length > 1) {
    const message = `this scorer has ${kinds.map((one) => JSON.stringify(one)).join(' and ')}: each is a scorer of its own`;
    say(reading, { path: [...own, kinds[1]!], part: 'key', code: 'two-kinds', message, hint: null });
    return null;
  }
  return kind;
}

/** What names the kind; of a file its stem; of autoevals the scorer, as there may be several. */
function defaultName(kind: Kind, raw: RawScorer): string {
  if (kind === 'use') return path.posix.parse(raw.use!.replaceAll('\\', '/')).name;
  if (kind === 'precomputed') return precomputedName(raw.precomputed) ?? kind;
  if (kind !== 'autoevals') return kind;
  const written = raw.autoevals as Json | undefined;
  const scorer = isJsonObject(written) ? written.scorer : written;
  return typeof scorer === 'string' && scorer !== '' ? scorer : kind;
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
    return { kind: 'code', harness: withInputs(await readModule(raw.use, of)), options } as const;
  }
  const harness = await readCommand({ ...raw, command: raw.command! }, of);
  return { kind: 'command', harness: withInputs(harness), options } as const;
}

type RuleKind = Exclude<Kind, 'outcome' | 'precomputed' | 'judge' | 'use' | 'command'>;

function ruleOptions(
  { reading, schemas, own }: Making,
  { kind, written }: { readonly kind: RuleKind; readonly written: Json },
): JsonObject | null {
  const place = expectationPlace({
    ...{ findings: reading.findings, file: reading.document.file, schemas },
    locate: (target) => reading.document.locate({ ...target, path: [...own, kind, ...target.path] }),
  });
  if (kind === 'expect') return readWhole(written, place);
  const filled = kind === 'json' ? withSchema(reading, { written, at: [...own, kind, 'schema'] }) : written;
  return filled === undefined ? null : readOptions(kind, filled, place);
}

/** `schema: answer.schema.json` -> what is in that file; undefined: it cannot be read, which was told. */
function withSchema(
  reading: Reading,
  of: { readonly written: Json; readonly at: JsonPath },
): Json | undefined {
  const { written } = of;
  if (!isJsonObject(written) || typeof written.schema !== 'string') return written;
  const shown = written.schema;
  const { folder, findings, readYaml } = reading;
  const namedAt = () => reading.document.locate({ path: of.at, part: 'value' });
  const document = openDocument({
    ...{ file: path.resolve(folder, shown), shown, folder, findings, readYaml, namedAt },
    maxBytes: MAX_DOCUMENT_BYTES,
  });
  if (document === null) return undefined;
  if (isJsonObject(document.value)) return { ...written, schema: document.value };
  const message = `${shown} holds no JSON Schema: that is a map`;
  say(reading, { path: of.at, code: 'wrong-type', message });
  return undefined;
}

const OF_PROGRAMS = ['options', 'inputs'] as const;
const OF_COMMANDS = ['protocol', 'env', 'pass_env', 'processes', 'in_flight'] as const;

/** A setting that nobody reads is a wish that nobody grants: it is said. */
function checkStray(at: {
  readonly reading: Reading;
  readonly own: JsonPath;
  readonly raw: RawScorer;
  readonly kind: Kind;
}): void {
  const { reading, own, raw, kind } = at;
  const stray = (name: string, what: string): void =>
    say(reading, {
      ...{
        path: [...own, name],
        part: 'key',
        code: 'wrong-value',
        message: `${JSON.stringify(name)} is for ${what}`,
      },
      hint: name === 'options' ? `write them inside "${kind}:"` : null,
    });
  const isProgram = kind === 'use' || kind === 'command';
  for (const name of OF_PROGRAMS)
    if (raw[name] !== undefined && !isProgram) stray(name, 'scorers with "use" or "command"');
  for (const name of OF_COMMANDS)
    if (raw[name] !== undefined && kind !== 'command') stray(name, 'scorers with "command"');
  if (raw.in_flight !== undefined && kind === 'command' && raw.protocol !== 'stream')
    stray('in_flight', 'protocol: stream');
}

/** Names are told apart without regard to case, as their files are, and none means two things in an expectation. */
function reportNames(reading: Reading, declared: readonly Declared[]): void {
  const first = new Map<string, Declared>();
  for (const one of declared) {
    const { scorer, own } = one;
    const target = { path: [...own, 'name'], part: 'value' } as const;
    const written = scorer.kind === 'code' ? 'use' : scorer.kind;
    if (isTakenName(scorer.name, written)) {
      const message = `${JSON.stringify(scorer.name)} is the name of a rule of its own: a scenario's "expect.${scorer.name}" would mean two things`;
      say(reading, { ...target, code: 'taken-name', message, hint: 'give the scorer another name' });
    }
    const twin = first.get(scorer.slug);
    if (!twin) {
      first.set(scorer.slug, one);
      continue;
    }
    const message =
      twin.scorer.name === scorer.name
        ? `two scorers are named ${JSON.stringify(scorer.name)}`
        : `the scorers ${JSON.stringify(twin.scorer.name)} and ${JSON.stringify(scorer.name)} would share the files ${scorer.slug}*`;
    reading.findings.add(reading.document.file, () => ({
      ...{ code: 'duplicate-scorer', message, hint: 'give each a "name:" of its own' },
      location: reading.document.locate(target),
      related: [
        {
          message: 'the first is here',
          location: reading.document.locate({ path: twin.own, part: 'value' }),
        },
      ],
    }));
  }
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
      ...{ kind: 'expect', name: 'expect', slug: 'expect', passAt: 1 },
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
    scorers.push({ ...{ name: 'judge', slug: 'judge', passAt: 0.5 }, scope: EVERYWHERE, ...settings });
  }
  return scorers;
}
