// What a viewer does before the first page and between pages, as a process of its own. Usage: node view-process.ts FOLDER [search]
// Prints one line of JSON: medians in ms.
import { openView } from '../src/project/view/open-view.ts';
import { testWorld } from '../tests/rig/world.ts';
import { median } from './measure.ts';

const [folder, isSearched] = process.argv.slice(2) as [string, string?];
using view = await openView(testWorld(folder), { file: 'experiment.yaml' });
const openMs = performance.now();

/** Screen by screen through all rows, each page as text as it goes over the wire. */
async function page(query: Record<string, string>): Promise<{ readonly ms: number; readonly total: number }> {
  const beganMs = performance.now();
  const answer = await view.answer('matrix', new URLSearchParams(query));
  if (!answer.ok) throw new Error(answer.refusal.message);
  JSON.stringify(answer);
  return { ms: performance.now() - beganMs, total: answer.value.searched === 1 ? answer.value.total : -1 };
}

const first = await page({});
const pages: number[] = [];
for (let offset = 0; offset < first.total; offset += 200)
  pages.push((await page({ offset: String(offset), limit: '50' })).ms);

let readMs: number | null = null;
let searchMs: number | null = null;
if (isSearched) {
  const beganMs = performance.now();
  while ((await page({ q: 'walk plausible' })).total < 0);
  readMs = performance.now() - beganMs;
  const searches: number[] = [];
  for (const word of ['77777', '"of some length"', 'nowhere', '-plausible', 'finish:stop'])
    searches.push((await page({ q: word })).ms);
  searchMs = median(searches);
}
console.log(
  JSON.stringify({ openMs, rows: first.total, firstMs: first.ms, pageMs: median(pages), readMs, searchMs }),
);
