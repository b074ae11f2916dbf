// Of tests: where an edit counts for more than it concerns, and why. Said by `plan --explain`.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { PytestHarness } from '../../core/harness.ts';
import type { Manifest } from '../../core/manifest.ts';
import { sanitizeLine } from '../../core/text.ts';
import { unknownValues } from '../../variants/pytest-content.ts';

const MAX_NOTES = 12;

export function countsForAll({ variants }: Pick<Manifest, 'variants'>): readonly Diagnostic[] {
  const harnesses = variants.flatMap(({ harness }) => (harness?.kind === 'pytest' ? [harness] : []));
  const said = [...new Set(harnesses.flatMap(reasonsOf))];
  const shown = said.slice(0, MAX_NOTES);
  if (said.length > shown.length) shown.push(`and ${said.length - shown.length} more`);
  return shown.map((message) => ({
    severity: 'note',
    code: 'counts-for-all',
    message: sanitizeLine(message),
    hint: null,
    location: null,
    related: [],
  }));
}

function reasonsOf(harness: PytestHarness): readonly string[] {
  const { reach } = harness;
  if (reach === null)
    return ['the code of the tests could not be read by name: each of its files counts whole'];
  const values = Object.keys(reach.values).length === 0 ? [] : unknownValues(harness);
  return [
    ...values.map(
      (name) =>
        `values of the parameter ${name} are no data: where the values of parameters come from counts for all scenarios`,
    ),
    ...reach.why.map(({ unit, why }) => `counts for all variants: ${unit.replace(':', ' ')}: ${why}`),
  ];
}
