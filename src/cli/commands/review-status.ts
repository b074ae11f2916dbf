// expgraph review status: who has read what, how far readers agree; nothing by arm before it is closed.
import { jsonLine } from '../../core/text.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { reviewStatus } from '../../project/review/status.ts';
import { reviewStatusText } from '../../report/review/status.ts';
import { type Io, layoutOf } from '../io.ts';

export type ReviewStatusOptions = {
  readonly file: string;
  readonly review?: string;
  readonly json?: boolean;
};

export async function reviewStatusCommand(io: Io, options: ReviewStatusOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const status = reviewStatus(io, { experiment, review: options.review ?? null });
  const layout = { ...layoutOf(io.out), place: placeWords(io) };
  io.out.write(options.json ? jsonLine(status) : reviewStatusText(status, layout));
  return 0;
}
