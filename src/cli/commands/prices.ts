// expgraph prices: what the models of an experiment cost, as far as it is known, and who says so. Calls nobody, writes nothing.
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { knownPrices } from '../../project/open/known-prices.ts';
import { oldPrices } from '../../project/open/prices.ts';
import { note } from '../../project/open/world.ts';
import { pricesJson, priceTable } from '../../report/records/prices.ts';
import type { Io } from '../io.ts';

export type PricesOptions = {
  readonly file: string;
  readonly model: string | undefined;
  readonly json?: boolean;
};

export async function pricesCommand(io: Io, options: PricesOptions): Promise<number> {
  const { manifest } = await openExperiment(io, options.file);
  const rows = knownPrices(manifest, options.model ?? null);
  for (const text of oldPrices(manifest, io.clock.now())) note(io, text);
  if (rows.length === 0 && options.model !== undefined) {
    const hint =
      'write it under providers.NAME.pricing, or in a file that the manifest names: prices: ./prices.yaml';
    throw new CommandError(
      `no price is known of ${JSON.stringify(options.model)} at the providers that are used here; ${hint}`,
    );
  }
  const size = { columns: io.out.columns(), colors: io.out.colors };
  io.out.write(
    options.json ? jsonLine({ experiment: manifest.name, prices: pricesJson(rows) }) : priceTable(rows, size),
  );
  return 0;
}
