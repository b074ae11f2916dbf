// expgraph score --calibrate, as it is printed: each scorer as soon as it is held against people.
import { jsonLine } from '../../core/text.ts';
import { type CalibrateOptions, calibrate, calibrationAhead } from '../../project/judge/calibrate.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { openAround, pullToLook } from '../../project/share/use.ts';
import { calibrationText } from '../../report/compare/calibration.ts';
import { scoresSentence } from '../../report/run/scores.ts';
import type { Io } from '../io.ts';
import { eventsOf, resultsOut } from '../terminal/results.ts';

export async function calibrateCommand(
  io: Io,
  calibrating: {
    readonly experiment: Experiment;
    readonly only: readonly string[];
    readonly options: CalibrateOptions & {
      readonly json?: boolean;
      readonly events?: string;
      readonly offlineRemote?: boolean;
    };
    readonly patienceMs: number | null;
  },
): Promise<number> {
  const { experiment, options } = calibrating;
  const { name } = experiment.manifest;
  if (options.dryRun) {
    if (!options.offlineRemote) await pullToLook(io, experiment);
    const calibration = await calibrationAhead(io, calibrating);
    if (options.json) io.out.write(jsonLine({ experiment: name, calibration }));
    else
      for (const { scorer, answers, pending } of calibration)
        io.out.write(
          `${scorer}: ${answers} labelled answers, ${pending} judgements to make. Nothing was asked.\n`,
        );
    return 0;
  }
  const out = resultsOut(io, options);
  const as = { columns: out.columns(), colors: out.colors };
  let blank = '';
  const sharing = await openAround(io, experiment, options.offlineRemote ? 'no' : 'both');
  const { exitCode, ...calibrated } = await calibrate(io, {
    ...calibrating,
    sharing,
    events: eventsOf(io, options.events),
    told(calibration, summary) {
      if (options.json) return;
      out.write(`${blank}${calibrationText(calibration, as)}${scoresSentence(summary)}\n`);
      if (summary.why !== null) out.write(`Stopped: ${summary.why}\n`);
      blank = '\n';
    },
  });
  const remote = sharing.summary();
  if (options.json)
    io.out.write(jsonLine({ experiment: name, ...calibrated, ...(remote ? { remote } : {}) }));
  return exitCode;
}
