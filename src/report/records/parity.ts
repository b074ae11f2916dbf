// What `parity` prints: intents by arms, then every finding with the scenarios that it is about. Pure.
import { type ParityCell, type ParityFinding, type ParityState, worst } from '../../core/parity.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount } from '../../text/format.ts';
import { type Row, renderTable, type TextOptions } from '../../text/table.ts';

export type ParityView = {
  readonly experiment: string;
  readonly cells: readonly ParityCell[];
  /** Of a scenario: `scenarios/routing.yaml:12`. */
  readonly place: (scenario: string) => string;
};

const MARKS: { readonly [state in ParityState]: string } = {
  ok: '✓',
  lenient: '~',
  unknown: '?',
  cannot: '✗',
};

export function parityTable(view: ParityView, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const { cells } = view;
  const variants = unique(cells.map(({ variant }) => variant));
  const scenarios = unique(cells.map(({ scenario }) => scenario));
  const matrix = intentMatrix(cells);
  const rows = matrix.map(({ intent, scenarios: used, arms }): Row => {
    const states = variants.map((variant) => arms.get(variant)?.state ?? 'ok');
    return {
      kind: 'cells',
      cells: [intent, String(used), ...variants.map((variant) => armWords(arms.get(variant)))],
      tone: states.includes('cannot') ? 'bad' : states.every((state) => state === 'ok') ? 'plain' : 'strong',
    };
  });
  const columns = [
    { head: 'intent', shrinksTo: 14, cut: 'names' as const },
    { head: 'scenarios', align: 'right' as const },
    ...variants.map((head) => ({ head: sanitizeLine(head), shrinksTo: 12 })),
  ];
  const table =
    rows.length === 0
      ? 'No scenario expects a tool call: there is nothing that an arm could not express.\n'
      : renderTable({ columns, rows }, options);
  const findings = groupedFindings(view).map((group) => {
    const word = `${MARKED[group.state]} ${sanitizeLine(group.variant)}: ${sanitizeLine(group.message)}`;
    const tint = group.state === 'cannot' ? colors.error : group.state === 'note' ? colors.dim : String;
    return `${tint(word)}\n    ${colors.dim(placesWords(group.scenarios, view))}\n`;
  });
  const title = `${formatAmount(variants.length, 'variant')} x ${formatAmount(scenarios.length, 'scenario')}: ${verdict(cells)}`;
  const legend = colors.dim(
    '✓ expressed and checked  ~ checked less than it could be  ? cannot be told  ✗ cannot be expressed',
  );
  const list = findings.length === 0 ? '' : `\n${findings.join('')}`;
  return `${colors.bold(title)}\n\n${table}${rows.length === 0 ? '' : `${legend}\n`}${list}`;
}

const MARKED: { readonly [state in ParityFinding['state']]: string } = {
  lenient: '~',
  unknown: '?',
  cannot: '✗',
  note: 'note:',
};

function verdict(cells: readonly ParityCell[]): string {
  const count = (state: ParityState): number => cells.filter((cell) => cell.state === state).length;
  const parts = [
    [count('cannot'), 'cannot be expressed'],
    [count('lenient'), 'judged more leniently than the expectation asks'],
    [count('unknown'), 'cannot be told from here'],
  ] as const;
  const said = parts
    .filter(([number]) => number > 0)
    .map(([number, words]) => `${formatAmount(number, 'cell')} ${words}`);
  return said.length === 0 ? 'every arm can express every scenario, and is judged alike' : said.join(', ');
}

type IntentCell = {
  readonly state: ParityState;
  readonly tools: readonly string[];
  readonly unchecked: readonly string[];
};

function intentMatrix(cells: readonly ParityCell[]): readonly {
  readonly intent: string;
  readonly scenarios: number;
  readonly arms: ReadonlyMap<string, IntentCell>;
}[] {
  const intents = new Map<
    string,
    { readonly scenarios: Set<string>; readonly arms: Map<string, IntentCell> }
  >();
  for (const { variant, scenario, calls } of cells) {
    for (const { intent, tools, state, unchecked } of calls) {
      const name = intent ?? '';
      const row = intents.get(name) ?? { scenarios: new Set(), arms: new Map() };
      intents.set(name, row);
      row.scenarios.add(scenario);
      const before = row.arms.get(variant);
      row.arms.set(variant, {
        state: worst([before?.state ?? 'ok', state]),
        tools: unique([...(before?.tools ?? []), ...tools]),
        unchecked: unique([...(before?.unchecked ?? []), ...unchecked]),
      });
    }
  }
  return [...intents].map(([intent, { scenarios, arms }]) => ({ intent, scenarios: scenarios.size, arms }));
}

function armWords(arm: IntentCell | undefined): string {
  if (arm === undefined) return '';
  const without = arm.unchecked.length === 0 ? '' : ` (without ${arm.unchecked.join(', ')})`;
  return `${MARKS[arm.state]} ${arm.tools.join(' or ') || 'no tool'}${without}`;
}

type Group = ParityFinding & { readonly scenarios: readonly string[] };

const ORDER: readonly ParityFinding['state'][] = ['cannot', 'lenient', 'unknown', 'note'];

/** What is true of many scenarios is said once; the worst first. */
function groupedFindings({ cells }: ParityView): readonly Group[] {
  const groups = new Map<string, ParityFinding & { readonly scenarios: string[] }>();
  for (const { scenario, findings } of cells) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.state, finding.variant, finding.message]);
      const group = groups.get(key) ?? { ...finding, scenarios: [] };
      groups.set(key, group);
      group.scenarios.push(scenario);
    }
  }
  return [...groups.values()].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
}

const MAX_PLACES = 4;

function placesWords(scenarios: readonly string[], { place }: ParityView): string {
  const some = scenarios.slice(0, MAX_PLACES).map((id) => `${place(id)} ${id}`);
  const more = scenarios.length - some.length;
  return sanitizeLine(some.join(', ') + (more > 0 ? ` and ${more} more` : ''));
}

export function parityJson(view: ParityView): unknown {
  return {
    experiment: view.experiment,
    complete: view.cells.every(({ state }) => state !== 'cannot'),
    intents: intentMatrix(view.cells).map(({ intent, scenarios, arms }) => ({
      intent,
      scenarios,
      variants: Object.fromEntries(arms),
    })),
    findings: groupedFindings(view).map(({ scenarios, ...finding }) => ({
      ...finding,
      scenarios: scenarios.map((id) => ({ id, at: view.place(id) })),
    })),
    cells: view.cells.map(({ variant, scenario, state, calls }) => ({ variant, scenario, state, calls })),
  };
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}
