// Amounts on a command line, in the unit of the metric: --margin, --effect; and shares and counts beside them.

import type { Metric } from '../../analysis/compare/input.ts';
import { formatCount } from '../../text/format.ts';
import { CommandError } from '../open/command-error.ts';

const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;

const UNITS: { readonly [metric in Metric]: string } = {
  score: 'a number between 0 and 1, as 0.05 or 5%',
  pass: 'a number between 0 and 1, as 0.05 or 5%',
  tokens: 'a number of tokens above 0, as 50',
  latency: 'a number of milliseconds above 0, as 200',
  cost: 'an amount in USD above 0, as 0.002',
};

/** null = not asked. @throws CommandError where it is none. */
export function readMargin(text: string | undefined, metric: Metric): number | null {
  if (text === undefined) return null;
  const isShare = metric === 'score' || metric === 'pass';
  const [, number, percent] = matched(text, `(${NUMBER})`);
  const margin = percent ? Number(number) / 100 : Number(number);
  if (number !== undefined && margin > 0 && (isShare ? margin < 1 : percent === '')) return margin;
  throw new CommandError(
    `--margin takes ${UNITS[metric]} (the unit of --metric ${metric}), not ${JSON.stringify(text)}`,
  );
}

function matched(text: string, number: string): readonly (string | undefined)[] {
  return new RegExp(`^\\s*${number}\\s*(%?)\\s*$`, 'i').exec(text) ?? [];
}

/** Up or down; of what has no bounds a percentage is one of the mean. @throws CommandError where it is none. */
export function readAmount(
  flag: string,
  text: string,
  { metric, mean }: { readonly metric: Metric; readonly mean: number },
): number {
  const [, number, percent] = matched(text, `([-+]?${NUMBER})`);
  const isShare = metric === 'score' || metric === 'pass';
  const amount = Number(number) * (percent ? (isShare ? 1 : mean) / 100 : 1);
  if (number !== undefined && Number.isFinite(amount) && (!isShare || Math.abs(amount) <= 1)) return amount;
  throw new CommandError(
    isShare
      ? `${flag} takes a difference between -1 and 1, as 0.1, -0.1 or 10%, not ${JSON.stringify(text)}`
      : `${flag} takes a difference in the unit of --metric ${metric}, as 50, -50 or 10% of the mean, not ${JSON.stringify(text)}`,
  );
}

/** Between 0 and 1, both left out. @throws CommandError where it is none. */
export function readShare(flag: string, text: string): number {
  const [, number, percent] = matched(text, `(${NUMBER})`);
  const share = Number(number) / (percent ? 100 : 1);
  if (share > 0 && share < 1) return share;
  throw new CommandError(`${flag} takes a share between 0 and 1, as 0.8 or 80%, not ${JSON.stringify(text)}`);
}

/** More than anybody draws. */
const MOST = 1_000_000;

/** @throws CommandError where it is none. */
export function readWhole(
  flag: string,
  text: string | undefined,
  {
    left,
    least = 1,
    most = MOST,
  }: { readonly left: number; readonly least?: number; readonly most?: number },
): number {
  if (text === undefined) return left;
  const count = /^\d+$/.test(text) ? Number(text) : -1;
  if (count >= least && count <= most) return count;
  throw new CommandError(
    `${flag} takes a whole number from ${least} to ${formatCount(most)}, not ${JSON.stringify(text)}`,
  );
}
