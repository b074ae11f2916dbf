// What a budget lets through: the real loop over a thousand random experiments with prices, lengths, tool loops and faults of
// their own, against a server that knows what it charges. No network, a clock turned by hand.
import { type Played, playBudget } from '../tests/rig/budget-game.ts';
import { median, type Row } from './measure.ts';

const GAMES = 1_000;

export async function budget(): Promise<readonly Row[]> {
  const declared = await play('declared');
  const open = await play('open');
  const overs = declared.map(({ spentUsd, budgetUsd }) => beyond(spentUsd, budgetUsd));
  const openOvers = open.map(({ toldUsd, budgetUsd }) => beyond(toldUsd, budgetUsd));
  const worst = Math.max(...overs);
  const begun = open.reduce((sum, played) => sum + played.beyond, 0);
  // By the dearest single call of its game: nobody can know of a call what it will cost.
  const calls = open.map(({ dearestUsd }, i) => (dearestUsd === 0 ? 0 : openOvers[i]! / dearestUsd));
  return [
    {
      what: `overspend of a budget, ${GAMES} random experiments, answers bounded`,
      ...{
        floor: `${stopped(declared)} stopped by it`,
        measured: usd(worst),
        ratio: `median ${usd(median(overs))}`,
      },
      ...{ wanted: '$0', held: worst === 0 },
    },
    {
      what: `the same where nothing bounds some answers and prompts`,
      floor: `${stopped(open)} stopped by it`,
      measured: `${Math.max(...calls).toFixed(2)} of its dearest call at most, over in ${calls.filter((share) => share > 0).length}`,
      ratio: `median ${usd(median(openOvers))}`,
      wanted: 'no call begun beyond it',
      held: begun === 0,
    },
  ];
}

async function play(arms: 'declared' | 'open'): Promise<readonly Played[]> {
  const games: Played[] = [];
  for (let seed = 1; seed <= GAMES; seed++) games.push(await playBudget({ seed, arms }));
  return games;
}

/** A thousandth of a micro-dollar is the dust of adding floats. */
function beyond(spentUsd: number, budgetUsd: number): number {
  const over = spentUsd - budgetUsd;
  return over > 1e-9 ? over : 0;
}

function stopped(games: readonly Played[]): number {
  return games.filter((played) => played.stopped !== null).length;
}

function usd(value: number): string {
  return value === 0 ? '$0' : `$${value.toPrecision(3)}`;
}
