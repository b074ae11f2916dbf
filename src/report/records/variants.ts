// What `variants` prints: the arms as a table, and their differences field by field. Pure.
import type { Json } from '../../core/json.ts';
import { maskSecrets } from '../../core/secret-shapes.ts';
import { cutText, sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount } from '../../text/format.ts';
import { lineDiff } from '../../text/line-diff.ts';
import { renderTable, type TextOptions } from '../../text/table.ts';

export type VariantRow = {
  readonly name: string;
  readonly kind: string;
  readonly model: string;
  readonly provider: string;
  readonly tools: readonly string[];
  readonly runs: number;
  readonly digest: string;
};

export type VariantDifference = {
  readonly path: string;
  readonly from: Json | undefined;
  readonly to: Json | undefined;
  /** null = the manifest has no `varies`. */
  readonly declared: boolean | null;
};

export type VariantPair = {
  readonly from: string;
  readonly to: string;
  /** Whose work is a program's or a test's: what it sends is its own affair. */
  readonly untold: { readonly from: boolean; readonly to: boolean };
  readonly differences: readonly VariantDifference[];
};

export type VariantDiffView = {
  readonly experiment: string;
  readonly varies: readonly string[] | null;
  readonly pairs: readonly VariantPair[];
};

export function variantTable(rows: readonly VariantRow[], options: TextOptions): string {
  const columns = [
    { head: 'variant', shrinksTo: 14, cut: 'names' as const },
    { head: 'kind' },
    { head: 'model', shrinksTo: 10 },
    { head: 'provider', shrinksTo: 8 },
    { head: 'tools', shrinksTo: 12 },
    { head: 'runs', align: 'right' as const },
    { head: 'digest' },
  ];
  const cells = rows.map(({ name, kind, model, provider, tools, runs, digest }) => ({
    kind: 'cells' as const,
    cells: [name, kind, model, provider, tools.join(', '), String(runs), digest.slice(0, 12)],
  }));
  return renderTable({ columns, rows: cells }, options);
}

export function variantDiff(view: VariantDiffView, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const blocks = view.pairs.map(({ from, to, untold, differences }) => {
    const undeclared = differences.filter(({ declared }) => declared === false).length;
    const words = undeclared === 0 ? '' : `, ${undeclared} of them not named by "varies"`;
    const title = `${sanitizeLine(from)} -> ${sanitizeLine(to)}: ${differences.length === 0 ? 'the same in everything' : formatAmount(differences.length, 'difference') + words}`;
    const lines = differences.flatMap((difference) => {
      const mark = difference.declared === false ? colors.error('!') : ' ';
      return [
        `${mark} ${colors.bold(sanitizeLine(difference.path))}`,
        ...valueLines(difference, { ...options, untold }).map(({ sign, text }) => {
          const line = `    ${sign} ${text}`;
          return sign === '-' ? colors.error(line) : sign === '+' ? colors.good(line) : colors.dim(line);
        }),
      ];
    });
    return `${[colors.bold(title), ...lines].join('\n')}\n`;
  });
  return `${blocks.join('\n')}\n${variesWords(view)}\n`;
}

function variesWords({ varies, pairs }: VariantDiffView): string {
  if (varies === null) {
    return '"varies" is not declared: write the settings that differ on purpose, for example varies: [tools], and plan warns of all others';
  }
  const said = `varies: [${varies.map(sanitizeLine).join(', ')}]`;
  const isMarked = pairs.some(({ differences }) => differences.some(({ declared }) => declared === false));
  return isMarked ? `${said}; ! marks what it does not name` : `${said} names every difference`;
}

type Line = { readonly sign: '-' | '+' | ' '; readonly text: string };

const MAX_LINES = 40;

/** Texts of several lines as lines, all else as JSON on one. */
function valueLines(
  { path, from, to }: VariantDifference,
  { columns, untold }: TextOptions & Pick<VariantPair, 'untold'>,
): readonly Line[] {
  const clip = (text: string): string =>
    cutText(sanitizeLine(text.slice(0, 2000)), { width: Math.max(20, columns - 8), from: 'end' });
  if (typeof from === 'string' && typeof to === 'string' && (from.includes('\n') || to.includes('\n'))) {
    const lines = lineDiff(from, to).map(({ sign, text }) => ({ sign, text: clip(text) }));
    const more = lines.length - MAX_LINES;
    return more > 0
      ? [...lines.slice(0, MAX_LINES), { sign: ' ', text: `... and ${more} more lines` }]
      : lines;
  }
  const lineOf = (sign: '-' | '+', words: string | null): readonly Line[] =>
    words === null ? [] : [{ sign, text: clip(words) }];
  return [
    ...lineOf('-', valueWords(path, from, untold.from)),
    ...lineOf('+', valueWords(path, to, untold.to)),
  ];
}

/** Settings of a request, which null leaves out. */
const SENT: readonly string[] = ['temperature', 'seed', 'max_output_tokens', 'system'];

/** null = there is nothing on this side. */
function valueWords(path: string, value: Json | undefined, isUntold: boolean): string | null {
  if ((value ?? null) === null && SENT.includes(path)) return isUntold ? 'unknown' : 'not sent';
  return value === undefined ? null : maskSecrets(JSON.stringify(value));
}

export function variantDiffJson(view: VariantDiffView): unknown {
  return {
    experiment: view.experiment,
    varies: view.varies,
    pairs: view.pairs.map(({ from, to, differences }) => ({
      from,
      to,
      differences: differences.map(({ path, declared, ...values }) => ({
        path,
        from: values.from ?? null,
        to: values.to ?? null,
        declared,
      })),
    })),
  };
}
