// Cards of one reader in one file that works from disk: he needs no program, and gives back a verdict file.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import { requestName } from '../../screens/inside.ts';
import { escapeHtml } from '../../text/sheet-escape.ts';
import type { OpenReading } from '../review/open-reading.ts';
import { armsScreen, screenOf, seenVerdicts } from '../review/reader-screen.ts';
import { filesInside } from './inside-files.ts';
import { pageFile } from './page-file.ts';

/** @returns HTML. Nothing in it says whose an answer is */
export async function readingFile(
  reading: OpenReading,
  /** Bytes of a file that a card shows. */
  fileOf: (sha256: string) => Promise<Uint8Array | null>,
): Promise<string> {
  const screen = screenOf(reading, seenVerdicts(reading));
  const { review, reviewer, experiment, cards } = screen;
  const arms = requestName('review', new URLSearchParams({ part: 'arms' }));
  const answers = { experiment: frameOf(screen), review: screen, [arms]: armsScreen(reading) };
  const { files } = await filesInside(answers, fileOf);
  return pageFile({
    title: `Review ${review} of ${experiment}: ${reviewer}`,
    inside: { answers, ...(Object.keys(files).length === 0 ? {} : { files }) },
    fallback: [
      `<h1>Review ${escapeHtml(review)} of ${escapeHtml(experiment)}</h1>`,
      `<p>${cards.length} cards for ${escapeHtml(reviewer)}. They are read with the script of this file: save it, and open it in a browser.</p>`,
    ].join('\n'),
  });
}

/** What the frame of the page needs, and no more of the experiment: no arm is named in it. */
function frameOf({
  experiment,
  review,
}: {
  readonly experiment: string;
  readonly review: string;
}): ExperimentScreen {
  return {
    name: experiment,
    description: null,
    variants: [],
    scenarios: 0,
    runs: [],
    categories: [],
    tags: [],
    scorers: [],
    simulated: false,
    revision: '',
    running: null,
    review: { id: review, isUnblinded: false },
  };
}
