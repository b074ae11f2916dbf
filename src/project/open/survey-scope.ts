// What pytest collects, held against the manifest: cells whose tests were deselected, tests that the manifest does not
// name, and names of the manifest that no test has any more. Pure.

import type { Diagnostic } from '../../core/diagnostic.ts';
import type { PytestHarness, SurveyItem } from '../../core/harness.ts';
import type { Manifest } from '../../core/manifest.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { VariantParts } from '../../variants/fingerprint.ts';

/** -k, -m and test ids narrow: what they leave out is out of scope, neither missing nor failed. */
export function narrowed(
  { variants, scenarios }: Pick<Manifest, 'variants' | 'scenarios'>,
  parts: readonly VariantParts[],
): readonly VariantParts[] {
  return parts.map((part, n) => {
    const harness = variants[n]?.harness;
    if (harness?.kind !== 'pytest' || harness.survey === null) return part;
    const states = statesOf(harness, harness.survey.items);
    const without = scenarios.flatMap(({ id }, i) => (states.get(id) === 'deselected' ? [i] : []));
    return without.length === 0 ? part : { ...part, without: new Set(without) };
  });
}

/** Of each scenario that has a test of the variant: whether one of them is run. */
function statesOf(
  { variant }: Pick<PytestHarness, 'variant'>,
  items: readonly SurveyItem[],
): ReadonlyMap<string, 'there' | 'deselected'> {
  const states = new Map<string, 'there' | 'deselected'>();
  for (const item of items) {
    if (item.variant !== variant || (item.deselected && states.has(item.scenario))) continue;
    states.set(item.scenario, item.deselected ? 'deselected' : 'there');
  }
  return states;
}

/** Said before anything runs, where it is known for sure. */
export function surveyNotes({
  variants,
  scenarios,
}: Pick<Manifest, 'variants' | 'scenarios'>): readonly Diagnostic[] {
  const known = variants.flatMap(({ name, harness }) =>
    harness?.kind === 'pytest' && harness.survey?.isCurrent === true
      ? [{ name, harness, items: harness.survey.items }]
      : [],
  );
  if (known.length === 0) return [];
  const ids = new Set(scenarios.map(({ id }) => id));
  const arms = new Set(known.map(({ harness }) => harness.variant));
  const more = new Set<string>();
  for (const { items } of known) {
    for (const { variant, scenario, nodeid, deselected } of items) {
      if (variant !== null && !deselected && !(arms.has(variant) && ids.has(scenario))) more.add(nodeid);
    }
  }
  const absent = known.flatMap(({ name, harness, items }) => {
    const states = statesOf(harness, items);
    return [...ids].filter((id) => !states.has(id)).map((id) => `${name} · ${id}`);
  });
  return [
    ...(more.size === 0 ? [] : [moreNote([...more])]),
    ...(absent.length === 0 ? [] : [goneNote(absent)]),
  ];
}

const SHOWN = 3;

function moreNote(all: readonly string[]): Diagnostic {
  const isOne = all.length === 1;
  return {
    severity: 'note',
    code: 'tests-unlisted',
    location: null,
    related: [],
    message: `${all.length} ${isOne ? 'test is' : 'tests are'} not in the manifest: ${listed(all)}`,
    hint: `npx expgraph init --from-pytest --refresh adds ${isOne ? 'it' : 'them'}`,
  };
}

function goneNote(absent: readonly string[]): Diagnostic {
  const isOne = absent.length === 1;
  return {
    severity: 'warning',
    code: 'tests-gone',
    location: null,
    related: [],
    message: `pytest has no test of ${isOne ? 'a cell' : `${absent.length} cells`} of the manifest, and ${isOne ? 'it fails' : 'they fail'} if run: ${listed(absent)}`,
    hint: 'npx expgraph init --from-pytest --refresh takes out what no test has any more',
  };
}

function listed(all: readonly string[]): string {
  const shown = all.slice(0, SHOWN).map((one) => sanitizeLine(one.slice(0, 200)));
  return `${shown.join(', ')}${all.length > SHOWN ? `, and ${all.length - SHOWN} more` : ''}`;
}

/** Whether tests do any of its work. */
export function hasTests({ variants }: Pick<Manifest, 'variants'>): boolean {
  return variants.some(({ harness }) => harness?.kind === 'pytest');
}
