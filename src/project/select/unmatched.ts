// Filters that mean nothing: said before anything is done, each with the name that was probably meant.
import { matchesGlob } from '../../core/glob.ts';
import { nearest } from '../../core/nearest.ts';
import { runsWords } from '../../core/run-list.ts';
import type { Filter } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { baseOf, meansVariant } from '../../core/variant-names.ts';
import { cellsInScope } from '../../planner/plan.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { isEverything, namesOnly } from '../open/filters.ts';

type Asked = Pick<Experiment, 'manifest' | 'parts'>;

/**
 * A filter that names nothing is a slip of the pen, not an empty success: neither where no cell is left, nor where one
 * name of several has none. What became of cells is another matter: that there are none may be the good news.
 */
export function checkFilter(experiment: Asked, given: Filter, elsewhere: () => boolean = () => false): void {
  // More shards than there is to deal leave some of them empty: the others have it.
  const filter = { ...namesOnly(given), shard: null };
  if (isEverything(filter)) return;
  const slips = slipsOf(experiment, filter);
  const input = { variants: experiment.parts, scenarios: experiment.manifest.scenarios, filter };
  const isEmpty = cellsInScope(input).next().done;
  if ((!isEmpty && slips.length === 0) || elsewhere()) return;
  throw new CommandError(
    slips.length > 0
      ? `no task matches the filters: ${slips.join('; ')}`
      : `no task matches the filters: each of them means something, and no cell is meant by all. ${thereWords(experiment)}`,
  );
}

/** A sentence for each value that means nothing by itself. */
function slipsOf({ manifest, parts }: Asked, filter: Filter): readonly string[] {
  const variants = manifest.variants.map(({ name }) => name);
  const ids = manifest.scenarios.map(({ id }) => id);
  const categories = [...new Set(manifest.scenarios.flatMap(({ category }) => category ?? []))];
  const tags = [...new Set(manifest.scenarios.flatMap((scenario) => scenario.tags))];
  const most = Math.max(0, ...parts.map(({ runs }) => runs));
  const outside = filter.runs.filter((run) => run > most);
  return [
    ...unknown('variant', filter.variant, variants, (value) =>
      variants.some(meansVariant([value], variants)),
    ),
    ...unknown('scenario', filter.scenario, ids, (value) => ids.some((id) => matchesGlob(value, id))),
    ...unknown('category', filter.category, categories, (value) => categories.includes(value)),
    ...unknown('tag', filter.tag, tags, (value) => tags.includes(value)),
    ...(filter.runs.length > 0 && outside.length === filter.runs.length
      ? [
          `there is no run ${runsWords(outside)}; there ${most === 1 ? 'is run 1 alone' : `are 1-${most}`} ("runs:" in the manifest)`,
        ]
      : []),
  ];
}

function unknown(
  what: 'variant' | 'scenario' | 'category' | 'tag',
  values: readonly string[],
  known: readonly string[],
  isKnown: (value: string) => boolean,
): readonly string[] {
  return values
    .filter((value) => !isKnown(value))
    .map((value) => `no ${what} matches ${JSON.stringify(value)}${nearWords(value, known, what)}`);
}

const SHOWN = 6;

/** `; did you mean "tweet"?`, or what there is where nothing is near. */
export function nearWords(value: string, known: readonly string[], what: string): string {
  const names = [...new Set([...known, ...known.flatMap((name) => baseOf(name) ?? [])])];
  const near = nearNames(value, names);
  if (near.length > 0) {
    const listed = near.map((name) => JSON.stringify(sanitizeLine(name)));
    return `; did you mean ${listed.join(' or ')}?`;
  }
  if (known.length === 0) return `; there are no ${what === 'category' ? 'categories' : `${what}s`}`;
  const some = known.slice(0, SHOWN).map(sanitizeLine).join(', ');
  return `; there ${known.length === 1 ? 'is' : 'are'} ${some}${known.length > SHOWN ? `, and ${known.length - SHOWN} more` : ''}`;
}

/** Misspelt names, and those of which it is a part: `gym` of `ambiguous:gym`. At most three. */
function nearNames(value: string, known: readonly string[]): readonly string[] {
  const plain = value.replace(/[*?]/g, '');
  if (plain === '') return [];
  const guess = nearest(plain, known);
  const part = plain.toLowerCase();
  const holding = part.length < 3 ? [] : known.filter((name) => name.toLowerCase().includes(part));
  return [...new Set([...(guess === null ? [] : [guess]), ...holding])].slice(0, 3);
}

function thereWords({ manifest }: Asked): string {
  const names = manifest.variants.map(({ name }) => sanitizeLine(name));
  const ids = manifest.scenarios.map(({ id }) => sanitizeLine(id));
  const categories = [...new Set(manifest.scenarios.flatMap(({ category }) => category ?? []))].map(
    sanitizeLine,
  );
  const listed = (all: readonly string[]): string =>
    all.length === 0 ? 'none' : `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ', ...' : ''}`;
  return `Variants: ${listed(names)}. Categories: ${listed(categories)}. Scenarios: ${listed(ids)}`;
}
