// What `log` prints: what was done, newest first, in two lines each; or one invocation in full. Pure.
import { shortNames } from '../../core/invocation-id.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { cutText, displayWidth, sanitizeLine } from '../../core/text.ts';
import type { UntilSummary } from '../../core/until.ts';
import { makeColors } from '../../text/colors.ts';
import { excerptPair } from '../../text/excerpt.ts';
import { formatAmount, formatCount, formatDuration, formatMoney, formatTime } from '../../text/format.ts';
import type { JsonChange } from '../../text/json-changes.ts';
import { commandLines, quoteWord, type ScopeWords, type Step, WHOLE_SCOPE } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { indentWords } from '../../text/wrap.ts';
import { untilSeen } from '../words/until-words.ts';
import { type HistoryGroup, historyGroupsText } from './history-groups.ts';

export type LogEntry = {
  readonly number: number;
  readonly invocation: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  /** run, score, watch, import, ... */
  readonly command: string;
  readonly argv: readonly string[];
  readonly filter: InvocationRecord['filter'];
  /** `killed`: it never said how it ended, and nothing of it runs any more. */
  readonly how: InvocationRecord['how'] | 'killed';
  readonly why: string | null;
  readonly exit_code: number | null;
  readonly tasks: number;
  readonly executed: number;
  readonly cached: number;
  readonly failed: number;
  readonly missing: number;
  readonly retries: number;
  readonly total_tokens: number | null;
  /** null = it is unknown; then `cost_usd_at_least` is what is known. */
  readonly cost_usd: number | null;
  readonly cost_usd_at_least: number;
  readonly duration_ms: number | null;
  readonly git: { readonly commit: string; readonly dirty: boolean } | null;
  readonly expgraph: string;
  readonly node: string;
  readonly platform: string;
  readonly variants: readonly {
    readonly variant: string;
    readonly executed: number;
    readonly failed: number;
  }[];
  /** What was judged; null = nothing. */
  readonly scores: {
    readonly executed: number;
    readonly failed: number;
    readonly cost_usd: number | null;
  } | null;
  readonly imported: { readonly file: string; readonly format: string } | null;
  /** The look that was taken when it ended; only where the manifest says when runs are enough. */
  readonly until?: UntilSummary;
};

/** When it was, and how long ago: whoever reads it need not know UTC. */
export type When = { readonly utc: string; readonly ageMs: number };

export type ShownEntry = { readonly entry: LogEntry; readonly when: When };

/** As history and the names of invocations have it: the same for everybody who reads it. */
export function whenOf({ started_at }: LogEntry, nowMs: number): When {
  const start = new Date(started_at);
  return { utc: `${formatTime(start.toISOString()).slice(0, 16)} UTC`, ageMs: nowMs - start.getTime() };
}

export function logText(
  shown: readonly ShownEntry[],
  options: TextOptions & {
    readonly more: number;
    readonly scope?: ScopeWords;
    /** Of all invocations, those that are not shown as well. */
    readonly names: readonly string[];
  },
): string {
  const { place } = options.scope ?? WHOLE_SCOPE;
  if (shown.length === 0) return `Nothing was run yet.\n\nNext:\n  npx expgraph run${place}\n`;
  const colors = makeColors(options.colors);
  const short = shortNames(options.names);
  const width = Math.max(2, ...shown.map(({ entry }) => short(entry.invocation).length));
  const indent = ' '.repeat(width + 2);
  const lines = shown.flatMap(({ entry, when }) => {
    const head = `${short(entry.invocation).padStart(width)}  ${when.utc}  ${ageWords(when.ageMs)}  `;
    const facts = [timeWords(entry), costWords(entry), commitWords(entry)].filter((fact) => fact !== '');
    const tail = facts.map((fact) => ` · ${fact}`).join('');
    const room = Math.max(8, options.columns - displayWidth(head) - displayWidth(tail));
    const command = cutText(commandWords(entry), { width: room, from: 'end' });
    const first = cutText(`${head}${command}${tail}`, { width: options.columns, from: 'end' });
    const second = cutText(`${indent}${doneWords(entry)}${endWords(entry)}`, {
      width: options.columns,
      from: 'end',
    });
    return [colors.bold(first), isGood(entry) ? second : colors.warning(second)];
  });
  const more =
    options.more === 0
      ? ''
      : `${indent}and ${formatCount(options.more)} earlier: npx expgraph log -n ${shown.length + options.more}${place}\n`;
  return `${lines.join('\n')}\n${colors.dim(more)}`;
}

export type FullEntry = {
  readonly entry: LogEntry;
  /** The number of the invocation before it. */
  readonly before: number | null;
  /** It and the one before it, as commands take them. */
  readonly called: { readonly it: string; readonly before: string | null };
  /** Of the manifest against the one before; null = there is none before. */
  readonly manifest: readonly JsonChange[] | null;
  readonly groups: readonly HistoryGroup[];
  readonly folders: readonly string[];
  /** A record of it, as `show` takes it. */
  readonly example: string | null;
};

const LABEL = 12;
const MAX_CHANGES = 8;

export function logEntryText(
  full: FullEntry,
  options: TextOptions & { readonly scope?: ScopeWords; readonly nowMs: number },
): string {
  const { place } = options.scope ?? WHOLE_SCOPE;
  const { entry, called } = full;
  const when = whenOf(entry, options.nowMs);
  const colors = makeColors(options.colors);
  const field = (label: string, words: string): string => {
    const indent = ' '.repeat(LABEL);
    const lines = indentWords(sanitizeLine(words), { columns: options.columns, indent });
    return `${[`  ${label.padEnd(LABEL - 2)}${lines[0]!.slice(LABEL)}`, ...lines.slice(1)].join('\n')}\n`;
  };
  const took = entry.duration_ms === null ? '' : `, took ${formatDuration(entry.duration_ms)}`;
  const end = `${entry.how}${entry.exit_code === null ? '' : ` (exit ${entry.exit_code})`}`;
  const why = whyOf(entry);
  const blocks = [
    `${colors.bold(`Invocation ${called.it} (${entry.invocation})`)}\n`,
    field('started', `${when.utc} (${ageWords(when.ageMs)})${took}`),
    field('command', `expgraph ${entry.argv.map((word) => quoteWord(sanitizeLine(word))).join(' ')}`),
    ...(entry.imported ? [field('imported', `${entry.imported.file} (${entry.imported.format})`)] : []),
    field('did', `${doneWords(entry)}, ${formatCount(entry.cached)} were there already`),
    ...(entry.variants.length === 0 ? [] : [field('', entry.variants.map(variantWords).join(', '))]),
    field(
      'cost',
      `${costWords(entry) || '$0'}${entry.total_tokens === null ? '' : ` · ${formatAmount(entry.total_tokens, 'token')}`}`,
    ),
    field('ended', why === '' ? end : `${end}: ${why}`),
    field(
      'commit',
      entry.git === null
        ? 'not in a git repository'
        : `${entry.git.commit}${entry.git.dirty ? ', with changes that were not committed' : ''}`,
    ),
    field('with', `expgraph ${entry.expgraph}, node ${entry.node}, ${entry.platform}`),
    ...untilLines(entry, options),
    ...manifestLines(full, options),
    ...full.folders.map((folder, i) => field(i === 0 ? 'files' : '', folder)),
  ];
  const drew =
    full.groups.length === 0 ? '' : `\n${historyGroupsText(full.groups.slice(0, MAX_CHANGES), options)}`;
  const steps: Step[] = [
    ...(called.before === null || full.example === null
      ? []
      : [
          {
            command: `npx expgraph diff ${called.before} ${called.it}${place}`,
            does: 'what it answered otherwise',
          },
        ]),
    ...(full.example === null
      ? []
      : [
          {
            command: `npx expgraph show ${quoteWord(sanitizeLine(full.example))}${place}`,
            does: 'one of its records in full',
          },
        ]),
  ];
  return `${blocks.join('')}${drew}${steps.length === 0 ? '' : `\n${commandLines(steps, options)}`}`;
}

function untilLines({ until }: LogEntry, options: TextOptions): readonly string[] {
  if (until === undefined) return [];
  return untilSeen(until).flatMap((sentence, i) => {
    const words = indentWords(sentence, { columns: options.columns, indent: ' '.repeat(LABEL) });
    const head = `  ${(i === 0 ? 'until' : '').padEnd(LABEL - 2)}`;
    return words.map((line, n) => `${n === 0 ? head + line.slice(LABEL) : line}\n`);
  });
}

function manifestLines({ called, manifest }: FullEntry, options: TextOptions): readonly string[] {
  if (manifest === null || called.before === null) return [];
  if (manifest.length === 0) return [`  ${'manifest'.padEnd(LABEL - 2)}the same as of ${called.before}\n`];
  const room = options.columns - LABEL - 2;
  const lines = manifest.slice(0, MAX_CHANGES).map(({ path, from, to }) => {
    const name = sanitizeLine(path);
    const width = Math.max(12, Math.floor((room - displayWidth(name) - 6) / 2));
    const shown = excerptPair({ from, to, width });
    return cutText(`${' '.repeat(LABEL)}${name}: ${shown.from} -> ${shown.to}`, {
      width: options.columns,
      from: 'end',
    });
  });
  const more = manifest.length - lines.length;
  if (more > 0) lines.push(`${' '.repeat(LABEL)}and ${formatAmount(more, 'more change')}`);
  return [
    `  ${'manifest'.padEnd(LABEL - 2)}${formatAmount(manifest.length, 'change')} since ${called.before}\n${lines.join('\n')}\n`,
  ];
}

function variantWords({ variant, executed, failed }: LogEntry['variants'][number]): string {
  return `${variant} ${formatCount(executed)}${failed > 0 ? ` (${formatCount(failed)} failed)` : ''}`;
}

function commandWords({ argv }: LogEntry): string {
  return argv.map((word) => quoteWord(sanitizeLine(word))).join(' ');
}

/** `60 executed, 2 failed, 3 retries, 50 judged` */
function doneWords({ command, executed, failed, retries, scores }: LogEntry): string {
  const verb = command === 'import' ? 'imported' : 'executed';
  const parts = [
    ...(command === 'score' && executed === 0 ? [] : [`${formatCount(executed)} ${verb}`]),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(retries > 0 ? [formatAmount(retries, 'retry')] : []),
    ...(scores === null ? [] : [`${formatCount(scores.executed)} judged`]),
    ...(scores !== null && scores.failed > 0 ? [`${formatAmount(scores.failed, 'judgement')} failed`] : []),
  ];
  return parts.join(', ');
}

function endWords(entry: LogEntry): string {
  const why = whyOf(entry);
  return ` · ${why === '' ? entry.how : why}`;
}

/** '' = how it ended says all. */
function whyOf({ how, why }: LogEntry): string {
  if (how === 'running') return 'is running now';
  if (how === 'killed') return 'never ended: killed, or the machine went down; what it finished is kept';
  return why === null ? '' : sanitizeLine(why);
}

function isGood({ how, failed }: LogEntry): boolean {
  return (how === 'complete' && failed === 0) || how === 'running';
}

function timeWords({ duration_ms }: LogEntry): string {
  return duration_ms === null ? '' : formatDuration(duration_ms);
}

function costWords({ cost_usd, cost_usd_at_least, scores }: LogEntry): string {
  const judged = scores === null ? 0 : scores.cost_usd;
  if (cost_usd !== null && judged !== null) return formatMoney(cost_usd + judged);
  const known = cost_usd_at_least + (judged ?? 0);
  return known > 0 ? `at least ${formatMoney(known)}` : 'cost unknown';
}

function commitWords({ git }: LogEntry): string {
  return git === null ? '' : `${git.commit.slice(0, 7)}${git.dirty ? '+dirty' : ''}`;
}

/** `just now`, `5m ago`, `3h ago`, `12d ago` */
export function ageWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes}m ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ago` : `${Math.floor(hours / 24)}d ago`;
}
