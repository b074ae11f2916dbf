// The experiment's scorers, made ready: what each is, what it sees of each scenario, and the digests of both.
import { asksModel } from '../../core/asking.ts';
import type { Digest } from '../../core/brand.ts';
import type { Json } from '../../core/json.ts';
import type { Provider, Scenario } from '../../core/manifest.ts';
import { pairOf, votesOf } from '../../core/pairs.ts';
import type {
  Check,
  OutcomeScorer,
  PrecomputedScorer,
  RuleScorer,
  ScoredScenario,
  Scorer,
} from '../../core/scoring.ts';
import { DEFAULT_SIM_SETTINGS } from '../../core/sim-settings.ts';
import type { Part } from '../../core/task.ts';
import { scoresIn, testIn } from '../../core/test-statements.ts';
import type { PlannedScorer } from '../../planner/scores.ts';
import {
  checkExpectation,
  judgeExpectation,
  referenceExpectation,
  scorerPart,
  toldEnding,
  wholeExpectation,
} from '../../scoring/content.ts';
import {
  checkFor,
  isInScope,
  readerVersion,
  referenceFor,
  rubricFor,
} from '../../scoring/expectations/expectation.ts';
import { enginePart } from '../../variants/fingerprint.ts';
import type { Experiment } from '../open/experiment.ts';
import { NO_ANSWERS, type OtherAnswers } from './pairwise.ts';

/** What a scorer holds an answer of one cell against. */
export type Expectation = {
  readonly part: Part;
  /** Of rules. */
  readonly check: Check | null;
  /** Of a judge; empty = its prompt asks for none. */
  readonly rubric: string;
  /** Of a scorer by vectors: what the answer's text is held against. */
  readonly reference?: string;
  /** Why this cannot be judged, although it should be; null = it can. */
  readonly problem: string | null;
};

export type ReadyScorer = {
  readonly scorer: Scorer;
  readonly part: Part;
  readonly engine: Part;
  readonly planned: PlannedScorer;
  expectation(input: {
    readonly variant: string;
    readonly scenario: string;
    /** Of the answer, where it is odd. */
    readonly ending?: string | null;
  }): Expectation | null;
};

/** What of an experiment scorers hang on. */
export type ScoredExperiment = Pick<Experiment, 'manifest' | 'scenarioIndex' | 'variants'>;

/**
 * @param only names; empty = all
 * @param answers of arms that others are held against
 */
export function readyScorers(
  experiment: ScoredExperiment,
  only: readonly string[] = [],
  answers: OtherAnswers = NO_ANSWERS,
): readonly ReadyScorer[] {
  return experiment.manifest.scorers
    .filter(({ name }) => only.length === 0 || only.includes(name))
    .map((scorer) => readyScorer(experiment, scorer, answers));
}

function readyScorer(experiment: ScoredExperiment, scorer: Scorer, answers: OtherAnswers): ReadyScorer {
  const part = scorerPart(scorer);
  const engine = enginePart(engineOf(experiment, scorer));
  const known = new Map<string, Map<string, Expectation | null>>();
  // Runs of one cell share it; only rules and pairs look at the variant.
  const looksAtVariant = isRule(scorer) || pairOf(scorer) !== undefined;
  const expectation: ReadyScorer['expectation'] = ({ variant, scenario, ending: ended = null }) => {
    const ending = scorer.kind === 'judge' ? toldEnding(scorer, ended) : null;
    const who = looksAtVariant ? variant : '';
    // Names hold no control character: NUL keeps them apart.
    const id = ending === null ? who : `${who}\0${ending}`;
    let ofScenarios = known.get(id);
    if (ofScenarios === undefined) {
      ofScenarios = new Map();
      known.set(id, ofScenarios);
    }
    let found = ofScenarios.get(scenario);
    if (found === undefined) {
      found = expectationOf({ experiment, scorer, variant, scenario, ending });
      ofScenarios.set(scenario, found);
    }
    return found;
  };
  const pair = pairOf(scorer);
  const planned: PlannedScorer = {
    name: scorer.name,
    votes: votesOf(scorer),
    ...(pair === undefined ? {} : { otherOf: answers(pair.against) }),
    scorer: part.digest,
    engine: engine.digest,
    expectationOf:
      scorer.kind === 'outcome'
        ? (cell) => (isTested(experiment, scorer, cell) ? testIn(cell.tested) : null)
        : scorer.kind === 'precomputed'
          ? (cell) => (isInScopeOf(experiment, scorer, cell.scenario) ? scoresIn(cell.tested) : null)
          : (cell): Digest | null => expectation(cell)?.part.digest ?? null,
  };
  return { scorer, part, engine, planned, expectation };
}

function expectationOf(input: {
  readonly experiment: ScoredExperiment;
  readonly scorer: Scorer;
  readonly variant: string;
  readonly scenario: string;
  readonly ending: string | null;
}): Expectation | null {
  const { experiment, scorer, variant, ending } = input;
  const { manifest } = experiment;
  const index = experiment.scenarioIndex.get(input.scenario);
  // An answer of earlier to a scenario that is gone: nobody says any more what it should be.
  if (index === undefined) return null;
  const scenario = manifest.scenarios[index]!;
  if (!isInScope(scorer.scope, scenario)) return null;
  // An arm is not held against itself.
  if (pairOf(scorer)?.against === variant) return null;
  const told = scoredScenario(scenario);
  if (scorer.kind === 'judge') {
    const rubric = rubricFor(scorer, scenario);
    if (rubric === null) return null;
    return hashedLater({ ...NO_RULE, rubric }, () =>
      judgeExpectation(scorer, { scenario: told, rubric, ending }),
    );
  }
  if (scorer.kind === 'embedding') {
    const reference = referenceFor(scorer, scenario);
    if (reference === null) return null;
    return hashedLater({ ...NO_RULE, reference }, () => referenceExpectation(reference));
  }
  // How the test ended is a part of it, and is known of each answer by itself.
  if (scorer.kind === 'outcome')
    return isTested(experiment, scorer, input) ? hashedLater(NO_RULE, () => checkExpectation(null)) : null;
  // So is it of scores that it came with.
  if (scorer.kind === 'precomputed') return hashedLater(NO_RULE, () => checkExpectation(null));
  if (!isRule(scorer)) return hashedLater(NO_RULE, () => wholeExpectation(told));
  const check = checkFor(scorer, scenario, { variant, intents: scenario.expectsTools });
  if (check.kind === 'err') {
    const problem = check.error;
    return hashedLater({ ...NO_RULE, problem }, () => checkExpectation({ problem }));
  }
  const { value } = check;
  if (value === null) return null;
  return expectationOfCheck(value);
}

/** Of a variant that is gone its records say that it had tests. */
function isTested(
  experiment: ScoredExperiment,
  scorer: Scorer,
  input: { readonly variant: string; readonly scenario: string },
): boolean {
  if (!isInScopeOf(experiment, scorer, input.scenario)) return false;
  const { variants } = experiment;
  const kind = variants.get(input.variant)?.variant.harness?.kind;
  return kind === 'pytest' || !variants.has(input.variant);
}

function isInScopeOf(
  { manifest, scenarioIndex }: ScoredExperiment,
  scorer: Scorer,
  scenario: string,
): boolean {
  const index = scenarioIndex.get(scenario);
  return index !== undefined && isInScope(scorer.scope, manifest.scenarios[index]!);
}

/** Variants share a check as long as no intent is in it: it is hashed once. */
const expectationsOfChecks = new WeakMap<Check, Expectation>();

function expectationOfCheck(check: Check): Expectation {
  const known = expectationsOfChecks.get(check);
  if (known) return known;
  const made = hashedLater({ ...NO_RULE, check }, () =>
    checkExpectation(check as Json, readerVersion(check)),
  );
  expectationsOfChecks.set(check, made);
  return made;
}

/** A plan of what nobody has drawn yet asks whether a scorer applies, and needs no digest for that. */
function hashedLater(input: Omit<Expectation, 'part'>, make: () => Part): Expectation {
  let part: Part | null = null;
  return {
    ...input,
    get part() {
      part ??= make();
      return part;
    },
  };
}

const NO_RULE = { check: null, rubric: '', problem: null } as const;

export function scoredScenario({ id, input, category, vars, expect }: Scenario): ScoredScenario {
  return { id, input, category, vars, expect };
}

export function isRule(scorer: Scorer): scorer is RuleScorer {
  const { kind } = scorer;
  return !asksModel(scorer) && kind !== 'code' && kind !== 'command' && !isTold(scorer);
}

/** Takes what was said of an answer where it was made; it judges nothing. */
export function isTold(scorer: Scorer): scorer is OutcomeScorer | PrecomputedScorer {
  return scorer.kind === 'outcome' || scorer.kind === 'precomputed';
}

/** Who answers a scorer that asks a model; nobody answers the others. */
export function engineOf({ manifest }: Pick<Experiment, 'manifest'>, scorer: Scorer): Provider {
  return asksModel(scorer) ? manifest.providers[scorer.provider]! : NOBODY;
}

const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };
export const NOBODY: Provider = {
  name: 'none',
  type: 'none',
  baseUrl: null,
  apiKeyEnv: null,
  api: 'chat',
  headers: {},
  keyHeaders: [],
  limits: NO_LIMITS,
  pricing: {},
  sim: DEFAULT_SIM_SETTINGS,
};
