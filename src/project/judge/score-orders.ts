// What an order that judges asks: of a judge a conversation, of code and programs the answer, of rules a check.
import type { Order } from '../../core/order.ts';
import type { ScoreOrder } from '../../core/score-order.ts';
import type { JudgeScorer, Scorer, Verdict } from '../../core/scoring.ts';
import type { ScoreTask } from '../../planner/scores.ts';
import { judgeMessages } from '../../scoring/judges/judge.ts';
import { type JudgeWire, judgeRequest } from '../../scoring/judges/judge-request.ts';
import { pairMessages } from '../../scoring/judges/pairwise.ts';
import { nearnessOf } from '../../scoring/similarity.ts';
import type { Experiment } from '../open/experiment.ts';
import { asTold } from '../select/score-tests.ts';
import { isTold, type ReadyScorer, scoredScenario } from '../select/scorers.ts';
import type { Read } from './judged-outputs.ts';

/** What an order that judges asks. */
export function orderOf(context: {
  readonly experiment: Experiment;
  readonly scorer: Scorer;
  readonly expectation: NonNullable<ReturnType<ReadyScorer['expectation']>>;
  readonly output: Read;
  /** Of a pair the answer that it stands beside. */
  readonly other?: Read | undefined;
  readonly task: ScoreTask;
  readonly done: ScoreOrder['done'];
  readonly wire: JudgeWire;
}): Pick<Order, 'request' | 'score' | 'work'> {
  const { experiment, scorer, expectation } = context;
  const { output } = context.output;
  const problem = context.output.problem ?? context.other?.problem ?? expectation.problem;
  const score: ScoreOrder = {
    scorer: scorer.name,
    kind: scorer.kind,
    passAt: scorer.passAt,
    output,
    ...(problem === null ? {} : { problem }),
  };
  const scenario = scoredScenario(
    experiment.manifest.scenarios[experiment.scenarioIndex.get(context.task.scenario)!]!,
  );
  if (scorer.kind === 'judge') {
    return {
      request: judgeRequest(scorer, {
        messages: messagesOf(scorer, { ...context, scenario }),
        vote: context.task.vote,
        wire: context.wire,
      }),
      score: {
        ...score,
        choices: scorer.choices,
        done: context.done ?? [],
        ...(context.task.other ? { own: context.task.other.own } : {}),
      },
    };
  }
  if (scorer.kind === 'embedding') {
    const near = nearWithoutAsking(scorer, context);
    const texts = [output.text, expectation.reference!].map(
      (content) => ({ role: 'user', content }) as const,
    );
    return {
      // Vectors are no output: nothing is bounded by the token.
      request: {
        ...NO_REQUEST,
        model: scorer.model,
        params: scorer.params,
        messages: texts,
        maxOutputTokens: 0,
      },
      score: {
        ...score,
        ...(near === null ? {} : { verdict: near }),
        embedding: { dimensions: scorer.dimensions },
      },
    };
  }
  if (scorer.kind === 'code' || scorer.kind === 'command') {
    const { id, input, category, vars } = scenario;
    const told = { id, input, category, vars, toolResults: {} };
    return {
      request: NO_REQUEST,
      work: { harness: scorer.harness, scenario: told, maxTurns: 1 },
      score: { ...score, scenario, options: scorer.options },
    };
  }
  if (isTold(scorer)) return { request: NO_REQUEST, score: { ...score, ...asTold(scorer, context.output) } };
  return {
    request: NO_REQUEST,
    score: { ...score, ...(expectation.check ? { check: expectation.check } : {}) },
  };
}

/** What a scorer by embeddings says of an answer that nobody is asked about; null = somebody is, or it is another scorer. */
export function nearWithoutAsking(
  scorer: Scorer,
  { output, expectation }: Pick<Parameters<typeof orderOf>[0], 'output' | 'expectation'>,
): Verdict | null {
  if (scorer.kind !== 'embedding' || output.problem !== null) return null;
  return nearnessOf({ text: output.output.text, reference: expectation.reference! }, scorer.passAt);
}

function messagesOf(
  scorer: JudgeScorer,
  input: Pick<Parameters<typeof orderOf>[0], 'expectation' | 'output' | 'other' | 'task'> & {
    readonly scenario: ReturnType<typeof scoredScenario>;
  },
): Order['request']['messages'] {
  const { scenario, output, other, task } = input;
  const { rubric } = input.expectation;
  if (!other || !task.other) return judgeMessages(scorer, { scenario, output: output.output, rubric });
  const both = task.other.own === 'first' ? [output, other] : [other, output];
  const [first, second] = [both[0]!.output, both[1]!.output];
  return pairMessages(scorer, { scenario, first, second, rubric });
}

const NO_REQUEST: Order['request'] = {
  model: '',
  messages: [],
  tools: [],
  temperature: null,
  maxOutputTokens: null,
  seed: null,
  params: {},
};
