// expgraph review open: the cards of a reader in his browser, or in one file that he takes along.
import path from 'node:path';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { openExperiment } from '../../project/open/experiment.ts';
import { makeSaveVerdict } from '../../project/review/reader-screen.ts';
import { beginReading, type ReaderInput } from '../../project/review/reader-session.ts';
import { readNumber } from '../../project/sim/settings.ts';
import type { Io } from '../io.ts';

export type ReviewOpenOptions = ReaderInput & {
  /** A file to write in place of serving a page. */
  readonly static?: string;
  /** Left out = a free one. */
  readonly port?: string;
  /** --no-open: false. */
  readonly open: boolean;
  readonly json?: boolean;
};

export async function reviewOpenCommand(io: Io, options: ReviewOpenOptions): Promise<number> {
  if (options.static !== undefined) return await writeFile(io, { ...options, to: options.static });
  const port =
    options.port === undefined ? 0 : readNumber('--port', options.port, { max: 65_535, isWhole: true });
  const experiment = await openExperiment(io, options.file);
  const reading = beginReading(io, { root: experiment.root, ...options });
  const { openView } = await import('../../project/view/open-view.ts');
  const { servePage } = await import('../terminal/served-page.ts');
  using view = await openView(io, { file: options.file });
  const query = new URLSearchParams({ review: reading.paths.id, reviewer: reading.reviewer });
  await servePage(io, {
    view,
    port,
    at: `/review?${query}`,
    about: `${reading.places.length} cards for ${sanitizeLine(reading.reviewer)}; each verdict is saved as it is given, and the page may be closed at any time.`,
    open: options.open,
    json: options.json ?? false,
    saveVerdict: makeSaveVerdict(io, experiment),
  });
  return EXIT.complete;
}

async function writeFile(io: Io, options: ReviewOpenOptions & { readonly to: string }): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { root } = experiment;
  const reading = beginReading(io, { root, ...options });
  const { readingFile } = await import('../../project/report/reading-file.ts');
  const { shownFile } = await import('../../project/view/shown-file.ts');
  const { replaceFile } = await import('../../cache/disk/durable.ts');
  const file = path.resolve(io.cwd, options.to);
  try {
    using store = experiment.stores.read();
    const fileOf = (sha256: string) => shownFile({ store, experiment }, sha256);
    replaceFile(file, [await readingFile(reading, fileOf)]);
  } catch (cause) {
    throw new CommandError((cause as Error).message);
  }
  const shown = sanitizeLine(options.to);
  const { id } = reading.paths;
  io.out.write(
    `${shown}: ${reading.places.length} cards of review ${id} for ${sanitizeLine(reading.reviewer)}\n` +
      `It works from disk, in any browser. What is said is kept in that browser until it is downloaded; ` +
      `\`npx expgraph review import FILE\` takes what comes back.\n`,
  );
  return EXIT.complete;
}
