// expgraph review start: the deck is dealt and sealed.
import path from 'node:path';
import { jsonLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter, placeWords } from '../../project/open/filters.ts';
import { LeakError, startReview } from '../../project/review/start.ts';
import { type StartedFacts, startedText, tellsText } from '../../report/review/start.ts';
import type { Io } from '../io.ts';
import { readSeed } from './review-words.ts';

export type ReviewStartOptions = FilterOptions & {
  readonly file: string;
  readonly unread?: boolean;
  readonly id?: string;
  readonly seed?: string;
  readonly acceptLeak?: string;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

export async function reviewStartCommand(io: Io, options: ReviewStartOptions): Promise<number> {
  const { argv, json = false } = options;
  const seed = readSeed(options.seed);
  const experiment = await openExperiment(io, options.file);
  try {
    const started = await startReview(io, {
      experiment,
      filter: makeFilter(options),
      unread: options.unread ?? false,
      id: options.id ?? null,
      seed,
      acceptLeak: options.acceptLeak ?? null,
      argv,
      wait: options.wait ?? false,
    });
    const { paths, protocol, cards, shared, draws, same, leak } = started;
    const { reviewers, mode } = protocol.protocol;
    const facts: StartedFacts = {
      ...{ review: paths.id, folder: path.relative(io.cwd, paths.folder) },
      ...{ cards, shared, draws, same, reviewers, mode, leak },
    };
    const size = { columns: io.out.columns(), colors: io.out.colors };
    // Whoever begins may read as well: by which words an arm is told stands in the protocol alone.
    const told = { ...facts, leak: { auc: leak.auc }, rubric: protocol.rubric_digest, seed: protocol.seed };
    io.out.write(json ? jsonLine(told) : startedText(facts, placeWords(io), size));
    return EXIT.complete;
  } catch (cause) {
    if (cause instanceof LeakError) io.err.write(tellsText(cause.leak));
    throw cause;
  }
}
