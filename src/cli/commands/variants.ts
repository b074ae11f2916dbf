// expgraph variants: the arms, and in what they differ. Calls nobody, writes nothing.
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { diffVariants, listVariants } from '../../project/variants/variants.ts';
import { variantDiff, variantDiffJson, variantTable } from '../../report/records/variants.ts';
import type { Io } from '../io.ts';

export type VariantsOptions = {
  readonly file: string;
  readonly names: readonly string[];
  readonly diff?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
};

export async function variantsCommand(io: Io, options: VariantsOptions): Promise<number> {
  const { names, json } = options;
  const experiment = await openExperiment(io, options.file);
  const { name, varies } = experiment.manifest;
  const size = { columns: io.out.columns(), colors: io.out.colors };
  if (!options.diff && !options.check) {
    const variants = listVariants({ experiment, names });
    io.out.write(json ? jsonLine({ experiment: name, varies, variants }) : variantTable(variants, size));
    return 0;
  }
  const pairs = diffVariants({ experiment, names });
  const view = { experiment: name, varies, pairs };
  io.out.write(json ? jsonLine(variantDiffJson(view)) : variantDiff(view, size));
  if (!options.check) return 0;
  if (varies === null)
    throw new CommandError('--check needs "varies:" in the manifest, for example: varies: [tools]');
  return pairs.some(({ differences }) => differences.some(({ declared }) => declared === false)) ? 1 : 0;
}
