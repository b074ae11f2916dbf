// expgraph review close: what was read counts from now on.
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { closeReview, GapsError } from '../../project/review/close.ts';
import { closedText, gapsText } from '../../report/review/close.ts';
import { formatAmount } from '../../text/format.ts';
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
    await tellTraces(io, experiment);
    return EXIT.complete;
  } catch (cause) {
    if (!(cause instanceof GapsError)) throw cause;
    const { unread, disputed } = cause;
    if (json) io.out.write(jsonLine({ closed: null, unread, disputed }));
    else io.err.write(gapsText({ unread, disputed }));
    throw cause;
  }
}

/** Where answers were traced, what people said is feedback on their traces. Loaded only where there is a key. */
async function tellTraces(io: Io, experiment: Experiment): Promise<void> {
  const { env } = io;
  if (!env.LANGSMITH_API_KEY && !env.LANGCHAIN_API_KEY && !env.LANGSMITH_RUNS_ENDPOINTS) return;
  const { tellHumanScores } = await import('../../project/langsmith/human-feedback.ts');
  const told = await tellHumanScores(io, experiment);
  if (told === null) return;
  const { feedback, problems } = told.pushed;
  const left = feedback.left === 0 ? '' : `; ${feedback.left} wait: npx expgraph langsmith push`;
  io.err.write(`LangSmith: ${formatAmount(told.said, 'feedback')} of people on traces${left}\n`);
  for (const problem of problems) io.err.write(`expgraph: ${sanitizeLine(problem)}\n`);
}
