// Which answers closed reviews have judged: what a later review need not ask again.
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import { listReviews, readClosed } from './files.ts';

/** `[scenario, answer]` as JSON, of closed reviews with this rubric. What is damaged is told, and counts as unread. */
export function judgedAnswers(
  world: Pick<World, 'notify'>,
  { root, rubric }: { readonly root: string; readonly rubric: string },
): ReadonlySet<string> {
  const judged = new Set<string>();
  const others: string[] = [];
  for (const { paths, state } of listReviews(root)) {
    if (state === 'open') continue;
    const closed = readClosed(paths);
    if (closed.kind === 'err') notifyDiagnostics(world, closed.error);
    else if (closed.value?.rubric !== rubric) others.push(paths.id);
    else
      for (const { scenario, answer } of closed.value.scores) judged.add(JSON.stringify([scenario, answer]));
  }
  if (others.length > 0)
    note(
      world,
      `what ${others.join(', ')} judged counts as unread: dimensions, labels or "pass" were others then, and verdicts of two rubrics are not mixed`,
    );
  return judged;
}
