// expgraph init --from-pytest: looks at a pytest harness and writes the experiment that it is.
import path from 'node:path';
import { experimentFromPytest, type FromPytestInput, readVariantsFrom } from '../../project/init/pytest.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { fromPytestText, refreshText, whichQuestion } from '../../report/setup/init-pytest.ts';
import type { Io } from '../io.ts';
import { ask, canAsk } from '../terminal/ask.ts';

export type FromPytestOptions = {
  /** true: where pytest itself would look. */
  readonly fromPytest: string | true;
  readonly python?: string;
  readonly variantsFrom?: string;
  readonly runs?: string;
  readonly refresh?: boolean;
  readonly dryRun?: boolean;
};

/** Writes nothing if any of its files is there already. */
export async function initFromPytest(io: Io, given: string, options: FromPytestOptions): Promise<number> {
  const { fromPytest, python = null, variantsFrom, dryRun = false } = options;
  const folder = path.resolve(io.cwd, given);
  const input = { folder, tests: fromPytest === true ? null : fromPytest, python, dryRun };
  if (options.refresh) {
    const { refreshFromPytest } = await import('../../project/init/pytest-refresh.ts');
    io.out.write(refreshText(await refreshFromPytest(io, input), { dryRun }));
    return 0;
  }
  const made = await experimentFromPytest(io, {
    ...input,
    variantsFrom: variantsFrom === undefined ? null : readVariantsFrom(variantsFrom),
    runs: readRepeats(options.runs),
    ...(canAsk() ? { choose: askWhich } : {}),
  });
  const shown = folder === io.cwd ? null : path.relative(io.cwd, folder) || folder;
  io.out.write(fromPytestText(made, { folder: shown, dryRun }));
  return 0;
}

function readRepeats(runs: string | undefined): number | null {
  if (runs === undefined) return null;
  if (!/^[1-9][0-9]{0,2}$/.test(runs)) throw new CommandError(`--runs takes a number from 1, not ${runs}`);
  return Number(runs);
}

const askWhich: NonNullable<FromPytestInput['choose']> = async (candidates) => {
  const answer = await ask(whichQuestion(candidates));
  if (answer.kind === 'left') throw new CommandError('stopped: nothing was written');
  const text = answer.kind === 'answered' ? answer.text.trim() : '';
  if (text === '') return 0;
  const n = Number(text);
  if (Number.isInteger(n) && n >= 1 && n <= candidates.length) return n - 1;
  throw new CommandError(`${JSON.stringify(text)} is none of 1 to ${candidates.length}: nothing was written`);
};
