// What the models of an experiment cost: known or not, and by lists of which day.
import type { Experiment } from '../open/experiment.ts';
import { knownPrices } from '../open/known-prices.ts';
import { oldPrices } from '../open/prices.ts';
import type { World } from '../open/world.ts';
import { type Check, ok } from './check.ts';

/** Nothing where everything is played, or is this machine's. */
export function priceChecks(
  { clock }: Pick<World, 'clock'>,
  { manifest }: Pick<Experiment, 'manifest'>,
): readonly Check[] {
  const name = 'prices';
  const rows = knownPrices(manifest, null).filter(({ from }) => from !== 'simulation' && from !== 'local');
  const [unknown, ...more] = rows.filter(({ price }) => price === null);
  const checks: Check[] = [];
  if (unknown !== undefined) {
    const { model, provider } = unknown;
    const others = more.length === 0 ? '' : `, nor of ${more.length} more`;
    checks.push({
      name,
      state: 'off',
      found: `no price is known of ${model} at ${provider}${others}: what it costs is told as unknown`,
      advice: `write it under providers.${provider}.pricing, or in a file: prices: ./prices.yaml`,
    });
  }
  const old = oldPrices(manifest, clock.now());
  for (const told of old) {
    const [found, ...advice] = told.split(': ');
    checks.push({ name, state: 'warning', found: found!, advice: advice.join(': ') });
  }
  const known = rows.length - more.length - (unknown === undefined ? 0 : 1);
  if (known > 0 && old.length === 0)
    checks.push(
      ok(name, `known of ${known} ${known === 1 ? 'model' : 'models'}; npx expgraph prices lists them`),
    );
  return checks;
}
