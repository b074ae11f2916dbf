// Facts for the tests of reports: two arms, some scenarios, each run as it is given.
import { compareArms } from '../../src/analysis/compare/compare.ts';
import type { CompareInput } from '../../src/analysis/compare/input.ts';
import type { ArmFacts, DrawFacts, ReportFacts, ScenarioFacts } from '../../src/report/document/facts.ts';
import { comparePlots } from '../../src/report/plot/compare-plots.ts';
import { ALLOW_ALL, arm, question } from './compare-data.ts';

export function draw(run: number, more: Partial<DrawFacts> = {}): DrawFacts {
  return {
    run,
    mark: 'passed',
    record: `${'ab'.repeat(6)}@1`,
    text: 'Which one?',
    toolCalls: [],
    turns: [],
    finishReason: 'stop',
    scores: [],
    score: more.mark === 'failed' ? 0 : 1,
    inputTokens: 100,
    outputTokens: 10,
    latencyMs: 120,
    costUsd: 0.001,
    servedModel: 'model-1-0101',
    startedAt: '2026-02-15T10:00:00.000Z',
    invocation: '0001-20260215T100000Z',
    langsmithUrl: null,
    ...more,
  };
}

/** A run that calls a tool. */
export function called(
  run: number,
  name: string,
  given: DrawFacts['toolCalls'][number]['arguments'],
  more: Partial<DrawFacts> = {},
): DrawFacts {
  return draw(run, { text: '', toolCalls: [{ name, arguments: given }], ...more });
}

export function scenario(
  name: string,
  first: readonly DrawFacts[],
  second: readonly DrawFacts[],
  more: Partial<ScenarioFacts> = {},
): ScenarioFacts {
  return {
    scenario: name,
    category: name.split(':')[0]!,
    description: null,
    input: [{ role: 'user', content: `about ${name}` }],
    expect: null,
    arms: [
      { variant: 'baseline', runs: first },
      { variant: 'applike', runs: second },
    ],
    ...more,
  };
}

const ARM: ArmFacts = {
  variant: 'baseline',
  provider: 'openai',
  model: 'model-1',
  temperature: 0.2,
  maxOutputTokens: 1024,
  maxTurns: 1,
  seed: null,
  runs: 3,
  params: {},
  system: 'Be short.',
  template: '{{input}}',
  tools: ['schedule_task'],
  toolsDigest: 'c0ffee'.repeat(10),
  harness: null,
};

/** With the comparisons that these scenarios lead to. */
export function facts(scenarios: readonly ScenarioFacts[], more: Partial<ReportFacts> = {}): ReportFacts {
  const compared = (metric: CompareInput['metric']): CompareInput =>
    question(
      ['baseline', 'applike'].map((variant) =>
        arm(
          variant,
          Object.fromEntries(
            scenarios.map((one) => [
              one.scenario,
              one.arms
                .find((arms) => arms.variant === variant)!
                .runs.map(({ mark, score, costUsd }) => {
                  if (mark !== 'passed' && mark !== 'failed') return null;
                  return metric === 'cost' ? costUsd : metric === 'pass' ? Number(mark === 'passed') : score;
                }),
            ]),
          ),
        ),
      ),
      { metric, by: 'category', allowed: ALLOW_ALL },
    );
  const input = compared('pass');
  const [pass, score, cost] = [
    compareArms(input),
    compareArms(compared('score')),
    compareArms(compared('cost')),
  ];
  return {
    experiment: 'tool-interface',
    description: 'Which tools are better?',
    madeAt: '2026-02-16T08:30:12.000Z',
    command: 'npx expgraph report',
    isSimulated: false,
    arms: [
      ARM,
      {
        ...ARM,
        variant: 'applike',
        tools: ['create_event', 'create_reminder'],
        toolsDigest: 'decade'.repeat(10),
      },
    ],
    scenarios,
    records: scenarios.flatMap(({ arms }) =>
      arms.flatMap(({ runs }) => runs.flatMap(({ record }) => record ?? [])),
    ),
    pass,
    score,
    humans: [],
    preferred: [],
    cells: { arms: input.arms, groupsOf: input.groupsOf, cluster: null },
    plots: comparePlots({ compared: score, cells: compared('score'), pass, cost, score }),
    interleaving: null,
    langsmith: null,
    reviews: [],
    invocations: [
      {
        invocation: '0001-20260215T100000Z',
        command: 'run',
        startedAt: '2026-02-15T10:00:00.000Z',
        endedAt: '2026-02-15T10:01:00.000Z',
        how: 'complete',
        executed: 12,
        failed: 0,
        costUsd: 0.012,
        commit: 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef',
        isDirty: true,
        versions: 'expgraph 0.1.0 on Node 24.21.0, linux-x64',
      },
    ],
    most: 10,
    onlyDifferences: false,
    ...more,
  };
}
