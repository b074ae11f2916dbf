// What stands above every number of a report: what is missing, stale or played, what broke the blinding, whose models are mixed. Pure.
import { formatAmount, formatCount } from '../../text/format.ts';
import type { ReportFacts } from './facts.ts';
import { servedModels } from './served.ts';

export function warningsOf(facts: ReportFacts): readonly string[] {
  return [...simulated(facts), ...incomplete(facts), ...mixed(facts), ...breaches(facts), ...unread(facts)];
}

function simulated({ isSimulated }: ReportFacts): readonly string[] {
  return isSimulated
    ? ['SIMULATION: answers in this report were played; no number says anything about a model.']
    : [];
}

function incomplete({ scenarios, arms }: ReportFacts): readonly string[] {
  return arms.flatMap(({ variant }) => {
    const draws = scenarios.flatMap((one) =>
      one.arms.filter((arm) => arm.variant === variant).flatMap(({ runs }) => runs),
    );
    const words = (['missing', 'error', 'stale'] as const).flatMap((mark) => {
      const count = draws.filter((draw) => draw.mark === mark).length;
      return count === 0 ? [] : [`${formatCount(count)} ${LACKS[mark]}`];
    });
    if (words.length === 0) return [];
    return [
      `INCOMPLETE: ${variant} lacks answers in ${formatAmount(draws.length, 'cell')}: ${words.join(', ')}. Its numbers are of what is there.`,
    ];
  });
}

const LACKS = { missing: 'missing', error: 'failed', stale: 'stale' } as const;

function mixed({ scenarios, arms }: ReportFacts): readonly string[] {
  return arms.flatMap(({ variant }) => {
    const served = servedModels(scenarios, variant);
    if (served.length < 2) return [];
    const words = served.map(
      ({ model, answers }) => `${model ?? 'one that is not told'} ${formatCount(answers)}`,
    );
    return [
      `MIXED MODELS: ${variant} was answered by ${formatCount(served.length)} models (${words.join(', ')}): its numbers are of no single one.`,
    ];
  });
}

function breaches({ reviews }: ReportFacts): readonly string[] {
  return reviews.flatMap(({ protocol }) =>
    protocol.breaches.length === 0
      ? []
      : [
          `UNBLINDED: the blind review ${protocol.review} was broken ${formatAmount(protocol.breaches.length, 'time')}; the method says when, by whom and why.`,
        ],
  );
}

function unread({ pass, score, scenarios }: ReportFacts): readonly string[] {
  const waiting = scenarios
    .flatMap((one) => one.arms.flatMap(({ runs }) => runs))
    .filter(({ scores }) => scores.some(({ missing }) => missing !== null)).length;
  if (waiting === 0 || (pass === null && score === null)) return [];
  return [
    `NOT JUDGED: ${formatAmount(waiting, 'answer')} wait for a verdict; npx expgraph score makes what can be made.`,
  ];
}
