// Whether a line of a harness's own is about a cell: by its variant, its scenario and its run, as the harness calls them.
import { USUAL } from '../../answers/names.ts';
import { valueAt } from '../../answers/values.ts';
import type { PytestHarness } from '../../core/harness.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { WrittenLine } from './written-lines.ts';

export type CellNames = {
  /** As the harness calls it. */
  readonly variant: string;
  /** Its id in the manifest, and the names of its test. */
  readonly scenarios: readonly string[];
  readonly run: number;
};

export type LineNames = {
  isOfVariant(line: WrittenLine, variant: string): 'yes' | 'no' | 'unsaid';
  isOfScenario(line: WrittenLine, scenarios: readonly string[]): 'yes' | 'no' | 'unsaid';
  /** As it is written; null = it is not said. */
  runOf(line: WrittenLine | JsonObject): number | null;
};

/** Names that say it and nothing else; a value under another one is a variant only where it is one that there is. */
const CLEAR = new Set(['variant', 'variant_name', 'arm']);

export function makeLineNames(
  harness: Pick<PytestHarness, 'collect' | 'variantsFrom' | 'scenarioParam'>,
  variants: ReadonlySet<string>,
): LineNames {
  const fields = harness.collect?.fields ?? {};
  const valuesOf = (
    { line, about }: Pick<WrittenLine, 'line' | 'about'>,
    ours: 'variant' | 'scenario' | 'run',
    more: readonly string[],
  ): readonly { readonly name: string; readonly value: Json }[] => {
    const names = Object.hasOwn(fields, ours) ? [fields[ours]!] : [...more, ...USUAL[ours]];
    const own = names.flatMap((name) => {
      const value = valueAt(line, name);
      return value === undefined || value === null ? [] : [{ name, value }];
    });
    const said = about[ours];
    return own.length > 0 || said === undefined || said === null ? own : [{ name: ours, value: said }];
  };
  return {
    isOfVariant(line, variant) {
      const { kind, name } = harness.variantsFrom;
      const own = kind === 'param' ? [name] : [];
      const found = valuesOf(line, 'variant', own).filter(
        ({ name: at, value }) =>
          CLEAR.has(at) ||
          own.includes(at) ||
          Object.hasOwn(fields, 'variant') ||
          variants.has(String(wordOf(value))),
      );
      if (found.length === 0) return 'unsaid';
      return found.some(({ value }) => wordOf(value) === variant) ? 'yes' : 'no';
    },
    isOfScenario(line, scenarios) {
      const own = harness.scenarioParam === null ? [] : [harness.scenarioParam];
      const found = valuesOf(line, 'scenario', own);
      if (found.length === 0) return 'unsaid';
      return found.some(({ value }) => scenarios.includes(wordOf(value) ?? '')) ? 'yes' : 'no';
    },
    runOf(line) {
      const at = isWritten(line) ? line : { line, about: {} };
      for (const { value } of valuesOf(at, 'run', [])) {
        const digits = /^(?:[a-z]{0,12}[ _-]?)?(\d{1,9})$/i.exec(wordOf(value) ?? '')?.[1];
        if (digits !== undefined) return Number(digits);
      }
      return null;
    },
  };
}

function isWritten(line: WrittenLine | JsonObject): line is WrittenLine {
  return typeof line.file === 'string' && typeof line.line === 'object' && typeof line.about === 'object';
}

/** What is neither text nor a number names nothing; an object with an id is named by it. */
function wordOf(value: Json): string | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const { id, name } = value as JsonObject;
    return wordOf(typeof id === 'string' ? id : typeof name === 'string' ? name : null);
  }
  return typeof value === 'string'
    ? value.normalize('NFC')
    : typeof value === 'number'
      ? String(value)
      : null;
}

/** How a scenario may be called where its test is: `tests/a.py::test_x[applike-lunch]`, `test_x[applike-lunch]`, `applike-lunch`. */
export function scenarioNames(scenario: string, nodeid: string): readonly string[] {
  const plain = nodeid.replace(/-?run\d+\]$/, ']').replace('[]', '');
  const names = [nodeid, plain].flatMap((id) => {
    const inside = /\[(.*)\]$/s.exec(id)?.[1];
    return [id, id.slice(id.lastIndexOf('::') + 2), ...(inside === undefined ? [] : [inside])];
  });
  return [scenario, ...names].map((name) => name.normalize('NFC'));
}
