// expgraph remote: what others made is taken from a shared place, what was made here is given to it.
import { readRuns } from '../../core/run-list.ts';
import { jsonLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { type RemoteInput, remotePull, remotePush, remoteStatus } from '../../project/share/remote-work.ts';
import type { Repair } from '../../project/share/repair.ts';
import { changedDiagnostics, refusedDiagnostics } from '../../report/run/refused.ts';
import { pulledText, pushedText, remoteStatusText, repairedText } from '../../report/run/shared.ts';
import type { Io } from '../io.ts';

type Options = {
  readonly file: string;
  readonly argv: readonly string[];
  readonly wait?: boolean;
  readonly json?: boolean;
};

export async function remotePullCommand(
  io: Io,
  { repair = false, ...options }: Options & { readonly repair?: boolean },
): Promise<number> {
  const done = await remotePull(io, { ...inputOf(options), repair });
  notifyDiagnostics(io, refusedDiagnostics(done.pulled, done.remote));
  io.out.write(options.json ? jsonLine(done) : pulledText(done));
  return codeOf(done.pulled);
}

export async function remotePushCommand(
  io: Io,
  { repair: asked, ...options }: Options & { readonly repair?: string | true },
): Promise<number> {
  const done = await remotePush(io, { ...inputOf(options), repair: repairOf(asked) });
  const { pulled, repaired, remote } = done;
  notifyDiagnostics(io, [...refusedDiagnostics(pulled, remote), ...changedDiagnostics(repaired, remote)]);
  io.out.write(options.json ? jsonLine(done) : `${pulledText(done)}${repairedText(done)}${pushedText(done)}`);
  return (repaired?.changed ?? []).length === 0 ? codeOf(pulled) : EXIT.incomplete;
}

function repairOf(asked: string | true | undefined): Repair | null {
  if (asked === undefined) return null;
  if (asked === true || asked === 'all') return 'all';
  const { runs: entries, wrong } = readRuns(asked);
  if (wrong === null) return entries;
  throw new CommandError(
    `--repair ${JSON.stringify(asked)}: ${JSON.stringify(wrong)} is not an entry or a range; write for example --repair 5,7-9`,
  );
}

export async function remoteStatusCommand(io: Io, options: Omit<Options, 'argv' | 'wait'>): Promise<number> {
  const status = await remoteStatus(io, options);
  io.out.write(options.json ? jsonLine(status) : remoteStatusText(status));
  return codeOf(status);
}

function inputOf({ file, argv, wait = false }: Options): RemoteInput {
  return { file, argv, wait };
}

/** What cannot be taken is left out, and a script has to hear of it. */
function codeOf({
  refused,
  broken,
}: {
  readonly refused: readonly unknown[];
  readonly broken: string | null;
}): number {
  return refused.length === 0 && broken === null ? EXIT.complete : EXIT.incomplete;
}
