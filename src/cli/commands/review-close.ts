// expgraph review close: what was read counts from now on.
import { jsonLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { closeReview, GapsError } from '../../project/review/close.ts';
import { closedText, gapsText } from '../../report/review/close.ts';
import type { Io } from '../io.ts';

export type ReviewCloseOptions = {
  readonly file: string;
  /** Its name; left out = the one that is open. */
  readonly review?: string | undefined;
  readonly json?: boolean;
};

export async function reviewCloseCommand(io: Io, options: ReviewCloseOptions): Promise<number> {
  const { review = null, json = false } = options;
  const experiment = await openExperiment(io, options.file);
  try {
    const { paths, closed, protocol, cards, adjudicated } = closeReview(io, { experiment, review });
    const { leak, breaches, readers } = protocol;
    const facts = { review: paths.id, cards, adjudicated, readers, breaches, auc: leak.auc, closed };
    const size = { columns: io.out.columns(), colors: io.out.colors };
    io.out.write(json ? jsonLine(facts) : closedText(facts, placeWords(io), size));
    return EXIT.complete;
  } catch (cause) {
    if (!(cause instanceof GapsError)) throw cause;
    const { unread, disputed } = cause;
    if (json) io.out.write(jsonLine({ closed: null, unread, disputed }));
    else io.err.write(gapsText({ unread, disputed }));
    throw cause;
  }
}
