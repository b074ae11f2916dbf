// Which review is meant: the one that is named, else the only one that is open.
import { nearest } from '../../core/nearest.ts';
import { sanitizeLine } from '../../core/text.ts';
import { CommandError } from '../open/command-error.ts';
import { listReviews, type ReviewPaths } from './files.ts';

/** @param root artifacts/<experiment> @throws CommandError where none is meant, or several are */
export function chooseReview(
  root: string,
  { id, state }: { readonly id: string | null; readonly state: 'open' | 'closed' },
): ReviewPaths {
  const reviews = listReviews(root);
  const fit = reviews.filter((one) => one.state === state).map(({ paths }) => paths);
  if (id !== null) {
    const named = reviews.find(({ paths }) => paths.id === id);
    if (named?.state === state) return named.paths;
    if (named !== undefined)
      throw new CommandError(`review ${id} is ${named.state}, and this is about ${state} ones`);
    const near = nearest(
      id,
      fit.map((paths) => paths.id),
    );
    const hint = near === null ? listed(fit, state) : `did you mean ${near}?`;
    throw new CommandError(`there is no review ${sanitizeLine(id.slice(0, 80))}; ${hint}`);
  }
  if (fit.length === 1) return fit[0]!;
  if (fit.length > 1) throw new CommandError(`${fit.length} reviews are ${state}: name one of ${names(fit)}`);
  throw new CommandError(
    state === 'open'
      ? 'no review is open: "npx expgraph review start" begins one'
      : 'no review is closed yet',
  );
}

function listed(fit: readonly ReviewPaths[], state: string): string {
  return fit.length === 0 ? `none is ${state}` : `${state}: ${names(fit)}`;
}

function names(fit: readonly ReviewPaths[]): string {
  return fit.map(({ id }) => id).join(', ');
}
