// expgraph view: the experiment as a page in the browser of whoever sits here, until Ctrl-C.

import { sanitizeLine } from '../../core/text.ts';
import { EXIT } from '../../project/open/command-error.ts';
import type { FilterOptions } from '../../project/open/filters.ts';
import { lateSaveVerdict } from '../../project/review/reader-screen.ts';
import { readNumber } from '../../project/sim/settings.ts';
import type { View } from '../../project/view/open-view.ts';
import { openPatientView } from '../../project/view/patient-view.ts';
import type { Io } from '../io.ts';
import { servePage } from '../terminal/served-page.ts';
import { keepHeapSmall } from '../terminal/small-heap.ts';

export type ViewOptions = FilterOptions & {
  readonly file: string;
  /** Left out = a free one. */
  readonly port?: string;
  /** --no-open: false. */
  readonly open: boolean;
  readonly json?: boolean;
  readonly unblind?: boolean;
};

export async function viewCommand(io: Io, options: ViewOptions): Promise<number> {
  const port = options.port === undefined ? 0 : readPort(options.port);
  keepHeapSmall();
  using view = await openPatientView(io, options);
  if (view.broken() !== null)
    io.notify({
      kind: 'note',
      text: 'the page shows what is wrong until it is mended, and then the experiment',
    });
  else await tellReview(io, view);
  await servePage(io, {
    view,
    port,
    at: '/',
    about: 'The experiment as it is now, and as it changes; nothing can be started or changed from there.',
    open: options.open,
    json: options.json ?? false,
    // Whoever began to read goes on here as well: a review that is open is one of the screens.
    saveVerdict: lateSaveVerdict(io, options.file),
  });
  return EXIT.complete;
}

/** Else whoever opens the page wonders where the numbers are. */
async function tellReview(io: Io, view: View): Promise<void> {
  const frame = await view.answer('experiment', new URLSearchParams());
  const review = frame.ok ? frame.value.review : null;
  if (review === null || review.isUnblinded) return;
  const text = `blind review ${sanitizeLine(review.id)} is open: the page shows nothing by arm until it is closed; \`npx expgraph review open\` shows its cards`;
  io.notify({ kind: 'note', text });
}

function readPort(text: string): number {
  return readNumber('--port', text, { max: 65_535, isWhole: true });
}
