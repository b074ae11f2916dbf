// Why tasks are pending, each reason once: sixty tasks that one edit made stale are one paragraph. Pure.
import type { Change, Plan, Reason, Task } from '../../core/task.ts';
import { UNITS } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount } from '../../text/format.ts';
import { lineDiff } from '../../text/line-diff.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';
import { forgottenWords, outgrownWords } from './drawn-again.ts';

/** Further paragraphs and changes are counted, not listed. */
const MAX_GROUPS = 30;
const MAX_CHANGES = 8;

export function explainText(plan: Plan, options: TextOptions): string {
  const colors = makeColors(options.colors);
  const groups = groupByReason(plan);
  const lines = groups.slice(0, MAX_GROUPS).flatMap((group) => {
    const head = `${formatAmount(group.tasks.length, 'task')}: ${namesOf(group.variants)}: ${reasonWords(group)}`;
    // Cut, two groups of long names would look alike.
    const wrapped = wrapWords(head, { columns: options.columns, indent: '  ' }).split('\n');
    return [...wrapped.map(colors.bold), ...changeLines(group.reason, options)];
  });
  if (groups.length > MAX_GROUPS) lines.push(`... and ${groups.length - MAX_GROUPS} more reasons`);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

export type ReasonGroup = {
  readonly reason: Reason;
  readonly variants: ReadonlySet<string>;
  readonly scenarios: ReadonlySet<string>;
  readonly tasks: readonly Task[];
};

type Growing = ReasonGroup & {
  readonly variants: Set<string>;
  readonly scenarios: Set<string>;
  readonly tasks: Task[];
};

/** In the order of the manifest. Equal changes are one group, whichever variants they made stale. */
export function groupByReason(plan: Pick<Plan, 'tasks'>): readonly ReasonGroup[] {
  const groups = new Map<string, Growing>();
  // The planner gives equal changes one list: each list is written down once, not once a task.
  const signatures = new Map<readonly Change[], string>();
  for (const task of plan.tasks) {
    if (task.state.kind !== 'pending') continue;
    const { reason } = task.state;
    const id = signatureOf({ reason, task, signatures });
    const group = groups.get(id) ?? { reason, variants: new Set(), scenarios: new Set(), tasks: [] };
    groups.set(id, group);
    group.variants.add(task.variant);
    group.scenarios.add(task.scenario);
    group.tasks.push(task);
  }
  return [...groups.values()];
}

function signatureOf(input: {
  readonly reason: Reason;
  readonly task: Task;
  readonly signatures: Map<readonly Change[], string>;
}): string {
  const { reason, signatures } = input;
  if (reason.kind !== 'stale') return `${reason.kind} ${input.task.variant}`;
  if (reason.forgot) return `forgotten ${reason.forgot.join(' ')}`;
  let signature = signatures.get(reason.changed);
  if (signature === undefined) {
    signature = `stale ${JSON.stringify(reason.changed)}`;
    signatures.set(reason.changed, signature);
  }
  return signature;
}

function namesOf(variants: ReadonlySet<string>): string {
  const names = [...variants].map(sanitizeLine);
  return names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function reasonWords({ reason, scenarios }: ReasonGroup): string {
  switch (reason.kind) {
    case 'new':
      return 'never drawn';
    case 'failed':
      return 'failed before';
    case 'forced':
      return 'drawn again (--force)';
    default: {
      if (reason.forgot) {
        const outgrown = outgrownWords(reason.forgot);
        if (outgrown !== null) return outgrown;
        return `nothing was edited, but version 1 of their keys did not hold ${forgottenWords(reason.forgot)}`;
      }
      const parts = reason.changed.map(({ part }) => partName(part));
      const named =
        parts.length <= 3 ? parts.join(', ') : `${parts.slice(0, 3).join(', ')} and ${parts.length - 3} more`;
      const [scenario] = scenarios;
      const where = scenarios.size === 1 ? ` (${sanitizeLine(scenario!)})` : '';
      return `${named} changed${where}`;
    }
  }
}

/** Of tests file and name of what was edited; each parameter of a test by its name. */
export function partName(part: string): string {
  if (part.startsWith(UNITS)) return sanitizeLine(part.slice(UNITS.length).replace(':', ' '));
  return sanitizeLine(part.replace(/^scenario\.items\[0\]\.vars\./, ''));
}

const MAX_CODE_LINES = 24;

/** What is written of a definition, line by line where both are known. */
function codeLines(
  { from, to }: Pick<Change, 'from' | 'to'>,
  { columns, colors: isColored }: TextOptions,
): readonly string[] {
  const colors = makeColors(isColored);
  const lines = lineDiff(sourceText(from), sourceText(to)).filter(({ sign }) => sign !== ' ');
  const shown = lines.slice(0, MAX_CODE_LINES).map(({ sign, text }) => {
    const line = sanitizeLine(text);
    const cut = line.length > columns - 8 ? `${line.slice(0, Math.max(10, columns - 9))}…` : line;
    return `    ${sign === '-' ? colors.error(`- ${cut}`) : colors.good(`+ ${cut}`)}`;
  });
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `    ... and ${more} more lines`] : shown;
}

function sourceText(value: Change['from']): string {
  if (value === undefined) return '(not counted)';
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(value) ? `(${value.slice(0, 12)}: what was written was not kept)` : value;
}

function changeLines(reason: Reason, options: TextOptions): readonly string[] {
  if (reason.kind !== 'stale' || reason.forgot) return [];
  const colors = makeColors(options.colors);
  const several = reason.changed.length > 1;
  const lines = reason.changed.slice(0, MAX_CHANGES).flatMap(({ part, from, to }) => {
    if (from === undefined && to === undefined) return [];
    const named = several ? [`    ${partName(part)}`] : [];
    if (part.startsWith(UNITS)) return [...named, ...codeLines({ from, to }, options)];
    const shown = excerptPair({ from, to, width: options.columns - 11 });
    return [...named, `    from ${colors.error(shown.from)}`, `    to   ${colors.good(shown.to)}`];
  });
  const more = reason.changed.length - MAX_CHANGES;
  return more > 0 ? [...lines, `    ... and ${more} more changes`] : lines;
}
