// How it was asked: each setting arm by arm, when, from which state of the repository, and how evenly. Pure.
import { canonicalJson, digestOf, sha256 } from '../../core/canonical.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import type { Row } from '../../text/layout.ts';
import type { DocumentBlock } from './document.ts';
import { type ArmFacts, hasAnswer, type ReportFacts } from './facts.ts';
import { servedModels } from './served.ts';

export function methodBlocks(facts: ReportFacts): readonly DocumentBlock[] {
  return [
    { kind: 'sentences', head: null, tone: 'plain', sentences: sizeWords(facts) },
    {
      kind: 'table',
      head: 'How each arm asks',
      columns: [{ head: 'setting' }, ...facts.arms.map(({ variant }) => ({ head: variant }))],
      rows: settingRows(facts),
    },
    ...promptBlocks(facts.arms),
  ];
}

function sizeWords({
  arms,
  scenarios,
  interleaving,
  langsmith,
  invocations,
}: ReportFacts): readonly string[] {
  const draws = scenarios.flatMap((one) => one.arms.flatMap(({ runs }) => runs));
  const answered = draws.filter(hasAnswer);
  const moments = answered.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const day = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
  const used = new Set(answered.map(({ invocation }) => invocation));
  const commits = [
    ...new Set(
      invocations
        .filter(({ invocation }) => used.has(invocation))
        .map(({ commit, isDirty }) =>
          commit === null
            ? 'outside of a repository'
            : `at commit ${commit.slice(0, 12)}${isDirty ? ' with changes that were not committed' : ''}`,
        ),
    ),
  ];
  return [
    `${formatAmount(arms.length, 'arm')} x ${formatAmount(scenarios.length, 'scenario')}, ${formatCount(answered.length)} of ${formatAmount(draws.length, 'draw')} answered${
      moments.length === 0 ? '' : `, drawn from ${day(moments[0]!)} to ${day(moments.at(-1)!)}`
    }.`,
    ...(commits.length === 0 ? [] : [`Drawn ${commits.join('; ')}.`]),
    ...(interleaving === null
      ? []
      : [
          `Arms were started ${interleaving.distance <= 0.2 ? 'side by side' : 'unevenly'} in ${interleaving.invocation}: their shares were at most ${interleaving.distance.toFixed(2)} apart (0 = side by side all the time, 1 = one after the other).`,
        ]),
    langsmith === null
      ? 'No traces were sent to LangSmith.'
      : `Traces are in the LangSmith project ${langsmith}.`,
  ];
}

type Setting = { readonly name: string; readonly of: (arm: ArmFacts) => string };

const NOT_SENT = 'not sent';

function settingRows({ arms, scenarios }: ReportFacts): readonly Row[] {
  const settings: readonly Setting[] = [
    { name: 'provider', of: ({ provider }) => provider },
    { name: 'model asked', of: ({ model, harness }) => harness ?? model },
    {
      name: 'models that answered',
      of: ({ variant }) =>
        servedModels(scenarios, variant)
          .map(({ model, answers }) => `${model ?? 'not told'} (${formatCount(answers)})`)
          .join(', ') || '-',
    },
    { name: 'runs', of: ({ runs }) => String(runs) },
    { name: 'temperature', of: ({ temperature }) => (temperature === null ? NOT_SENT : String(temperature)) },
    { name: 'seed', of: ({ seed }) => (seed === null ? NOT_SENT : String(seed)) },
    {
      name: 'output tokens at most',
      of: ({ maxOutputTokens }) => (maxOutputTokens === null ? NOT_SENT : formatCount(maxOutputTokens)),
    },
    { name: 'turns at most', of: ({ maxTurns }) => String(maxTurns) },
    {
      name: 'other parameters',
      of: ({ params }) => (Object.keys(params).length === 0 ? 'none' : canonicalJson(params)),
    },
    {
      name: 'system prompt',
      of: ({ system }) =>
        system === null ? 'none' : `${short(sha256(system))}, ${formatCount(system.length)} characters`,
    },
    { name: 'template', of: ({ template }) => short(digestOf(template)) },
    {
      name: 'tools',
      of: ({ tools, toolsDigest }) =>
        tools.length === 0 ? 'none' : `${short(toolsDigest)}: ${tools.join(', ')}`,
    },
  ];
  return settings.map(({ name, of }) => {
    const values = arms.map(of);
    const differs = new Set(values).size > 1;
    return { kind: 'cells', cells: [name, ...values], tone: differs ? 'strong' : 'plain' };
  });
}

/** Enough to tell two apart; the records have all of it. */
function short(digest: string): string {
  return digest.slice(0, 12);
}

/** Prompts in full, each once, with the arms that have it. */
function promptBlocks(arms: readonly ArmFacts[]): readonly DocumentBlock[] {
  const groupsOf = (
    of: (arm: ArmFacts) => string | null,
  ): readonly (readonly [string, readonly string[]])[] => {
    const groups = new Map<string, string[]>();
    for (const arm of arms) {
      const text = of(arm);
      if (text === null) continue;
      groups.set(text, [...(groups.get(text) ?? []), arm.variant]);
    }
    return [...groups];
  };
  const blocksOf = (head: string, of: (arm: ArmFacts) => string | null): readonly DocumentBlock[] =>
    groupsOf(of).flatMap(([text, names]): readonly DocumentBlock[] => [
      {
        kind: 'sentences',
        head: `${head} of ${names.length === arms.length ? 'every arm' : names.join(', ')}`,
        tone: 'plain',
        sentences: [],
      },
      { kind: 'code', text },
    ]);
  return [
    ...blocksOf('System prompt', ({ system }) => system),
    ...blocksOf('Template', ({ template }) =>
      typeof template === 'string' ? template : JSON.stringify(template, null, 2),
    ),
  ];
}
