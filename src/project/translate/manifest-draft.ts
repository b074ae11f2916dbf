// What a translation found -> the text of experiment.yaml: what all arms share stands at the top, accounts answer by the simulation
// or for real, and what could not be carried over stands below as a comment.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { SCHEMA } from '../open/templates.ts';
import { type Accounts, type LeftOut, leftRows } from './draft.ts';
import { comment, word, yamlFlow, yamlMap } from './yaml-text.ts';

export type ManifestParts = {
  /** Lines of comment above all. */
  readonly about: readonly string[];
  readonly name: string;
  readonly description: string | null;
  readonly runs: number;
  readonly scenarios: Json;
  readonly variants: ReadonlyMap<string, JsonObject>;
  /** Beside the settings that variants share. */
  readonly settings: JsonObject;
  readonly inputs: readonly string[];
  readonly scorers: readonly Json[];
  readonly execution: JsonObject;
  readonly accounts: Accounts;
  readonly answers: 'simulated' | 'real';
  readonly left: readonly LeftOut[];
};

/** What may stand at the top for all variants. */
const SHARED = [
  'provider',
  'model',
  'temperature',
  'max_output_tokens',
  'params',
  'system',
  'template',
  'tools',
  'response_format',
  'max_turns',
];

export function manifestText(parts: ManifestParts): string {
  const { shared, variants } = hoisted(parts.variants);
  const top: JsonObject = {
    version: 1,
    name: parts.name,
    ...(parts.description === null ? {} : { description: parts.description }),
    runs: parts.runs,
  };
  const settings = { ...parts.settings, ...shared };
  const blocks: (readonly string[])[] = [
    [
      `# yaml-language-server: $schema=${SCHEMA}experiment.schema.json`,
      ...parts.about.flatMap((line) => comment(line)),
      ...yamlMap(top),
    ],
    yamlMap(settings),
    yamlMap({ scenarios: parts.scenarios, ...(parts.inputs.length === 0 ? {} : { inputs: parts.inputs }) }),
    yamlMap({ variants: Object.fromEntries(variants) }),
    parts.scorers.length === 0 ? [] : yamlMap({ scorers: parts.scorers }),
    Object.keys(parts.execution).length === 0 ? [] : yamlMap({ execution: parts.execution }),
    accountLines(parts),
    leftLines(parts.left),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function hoisted(variants: ReadonlyMap<string, JsonObject>): {
  readonly shared: JsonObject;
  readonly variants: readonly (readonly [string, JsonObject])[];
} {
  const all = [...variants.values()];
  const shared = Object.fromEntries(
    SHARED.flatMap((name) => {
      const value = all[0]?.[name];
      const isShared =
        value !== undefined && all.every((one) => JSON.stringify(one[name]) === JSON.stringify(value));
      return isShared ? [[name, value] as const] : [];
    }),
  );
  const rest = [...variants].map(
    ([name, settings]) =>
      [
        name,
        Object.fromEntries(Object.entries(settings).filter(([field]) => !Object.hasOwn(shared, field))),
      ] as const,
  );
  return { shared, variants: rest };
}

/** Both lines stand there, and one of them is a comment. */
function accountLines({ accounts, answers }: ManifestParts): readonly string[] {
  if (accounts.size === 0) return [];
  const isReal = answers === 'real';
  const head = isReal
    ? ['# To try it without cost: the line below each account in its place.']
    : [
        '# A simulation answers, which is no model. For real answers: the line below each account in its place, and its key',
        '# in the environment. "npx expgraph plan" says what a run would ask, and asks nobody.',
      ];
  const lines = [...accounts].flatMap(([name, entry]) => {
    const real = `${word(name)}: ${yamlFlow(entry)}`;
    const simulated = `${word(name)}: { type: sim }`;
    const [first, second] = isReal ? [real, simulated] : [simulated, real];
    return [`  ${first}`, ...comment(second, 2)];
  });
  return [...head, 'providers:', ...lines];
}

function leftLines(left: readonly LeftOut[]): readonly string[] {
  if (left.length === 0) return [];
  const rows = leftRows(left);
  return [
    ...comment(`Not carried over (${left.length}): each is named with its place and the reason.`),
    ...rows.flatMap(({ what, why, places, count }) => {
      const more = count > places.length ? ` and ${count - places.length} more` : '';
      return comment(`- ${what} (${places.join(', ')}${more}): ${why}`);
    }),
  ];
}

/** Packages of accounts that are asked by one, for the sentence that says how to install them. */
export function typesOf(accounts: Accounts): readonly string[] {
  return [
    ...new Set(
      [...accounts.values()].flatMap((entry) =>
        isJsonObject(entry) && typeof entry.type === 'string' ? [entry.type] : [],
      ),
    ),
  ];
}
