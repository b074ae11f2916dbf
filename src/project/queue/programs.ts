// Programs that a worker would start: one that lacks one of them fails its orders at once, and would be given ever more of them.
import type { ProcessEnv } from '../../core/harness.ts';
import { sanitizeLine } from '../../core/text.ts';
import { isProgramThere } from '../../manifest/variants/program-there.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

type Started = {
  readonly who: string;
  readonly provider: string;
  readonly argv: readonly string[];
  readonly env: ProcessEnv;
};

/** Called when what is prepared is there. @throws CommandError that names the first one */
export function refuseMissingPrograms(
  io: Pick<World, 'env'>,
  { experiment, providers }: { readonly experiment: Experiment; readonly providers: readonly string[] },
): void {
  const { folder } = experiment.manifest;
  for (const { who, provider, argv, env } of startedHere(experiment)) {
    const searched = env.set.PATH ?? io.env.PATH;
    // What is in a file of variables is known when the program starts.
    if (!providers.includes(provider) || searched === undefined || env.file !== undefined) continue;
    if (isProgramThere(argv[0]!, searched, folder)) continue;
    throw new CommandError(
      `${who} starts ${sanitizeLine(JSON.stringify(argv[0]))}, which is not here: install it, put it on the PATH, or take other orders with --provider`,
    );
  }
}

/** Those of recorded clients are started by whoever coordinates. */
function startedHere({ manifest }: Experiment): readonly Started[] {
  const found: Started[] = [];
  for (const { name, provider, harness, mcp } of manifest.variants) {
    const who = `variant ${name}`;
    if (harness?.kind === 'command' && harness.proxy === undefined) found.push({ ...harness, who, provider });
    if (mcp !== null && mcp.command !== null) found.push({ who, provider, argv: mcp.command, env: mcp.env });
  }
  for (const scorer of manifest.scorers)
    if (scorer.kind === 'command')
      found.push({ ...scorer.harness, who: `scorer ${scorer.name}`, provider: 'none' });
  return found;
}
