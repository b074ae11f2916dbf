// expgraph doctor: is everything there that a run needs, and if not, what to do.
import { jsonLine } from '../../core/text.ts';
import type { CallReport } from '../../project/doctor/call.ts';
import { diagnose } from '../../project/doctor/diagnose.ts';
import { CommandError } from '../../project/open/command-error.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { checksText } from '../../report/setup/doctor.ts';
import type { Io } from '../io.ts';

export type DoctorOptions = {
  readonly file: string;
  readonly json?: boolean;
  readonly call?: boolean;
  readonly provider?: string;
  readonly model?: string;
  readonly remote?: boolean;
};

export async function doctorCommand(io: Io, options: DoctorOptions): Promise<number> {
  const { json = false, call = false, remote = false } = options;
  const { checks, experiment } = await diagnose(io, { file: options.file, mayWriteRemote: remote });
  if (remote && experiment !== null && experiment.manifest.remote === undefined) {
    throw new CommandError(
      '--remote is of the remote, and the manifest names none: remote: s3://bucket/prefix',
    );
  }
  if (!call && (options.provider ?? options.model) !== undefined) {
    throw new CommandError('--provider and --model go with --call: doctor alone calls no model');
  }
  if (!json) io.out.write(checksText(checks, { colors: io.out.colors }));
  const reports = call && experiment !== null ? await callsOf(io, experiment, options) : [];
  if (json) io.out.write(jsonLine({ checks, ...(call ? { calls: [...reports] } : {}) }));
  const isFailed = reports.some(({ ok }) => !ok) || checks.some(({ state }) => state === 'failed');
  return isFailed ? 1 : 0;
}

/** Paid for, so on demand only. */
async function callsOf(
  io: Io,
  experiment: Experiment,
  { json = false, provider, model }: DoctorOptions,
): Promise<readonly CallReport[]> {
  const [{ callEndpoints }, { callReportText }] = await Promise.all([
    import('../../project/doctor/call.ts'),
    import('../../report/setup/doctor-call.ts'),
  ]);
  const input = { experiment, provider: provider ?? null, model: model ?? null };
  const reports: CallReport[] = [];
  for await (const step of callEndpoints(io, input)) {
    if (step.kind === 'calling') (json ? io.err : io.out).write(`\n${step.sentence}\n`);
    else {
      reports.push(step.report);
      if (!json) io.out.write(callReportText(step.report));
    }
  }
  return reports;
}
