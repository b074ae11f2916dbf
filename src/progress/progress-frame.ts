// One frame of the live region: lines made of the state, never wider or higher than the terminal. Pure.
import { fitNames } from '../core/names.ts';
import { cutText, displayWidth, sanitizeLine } from '../core/text.ts';
import { type Colors, makeColors } from '../text/colors.ts';
import { formatDuration } from '../text/format.ts';
import type { GroupProgress, ProgressState } from './progress-state.ts';
import { simulationNotice, statusParts, titleOf } from './progress-words.ts';

export type FrameOptions = {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since 1970, as in the events. */
  readonly nowMs: number;
  readonly colors: boolean;
};

export function renderLive(state: ProgressState, options: FrameOptions): string {
  const colors = makeColors(options.colors);
  const { columns, nowMs } = options;
  const head = headLines({ state, options, colors });
  const foot = packParts(statusParts(state, nowMs), columns);
  // One row stays free: the cursor stands below the frame.
  const room = Math.max(0, options.rows - head.length - foot.length - 1);
  return [...head, ...groupLines({ state, columns, room, colors }), ...foot].join('\n');
}

function headLines(input: {
  readonly state: ProgressState;
  readonly options: FrameOptions;
  readonly colors: Colors;
}): readonly string[] {
  const { state, options, colors } = input;
  const { columns } = options;
  const elapsed = formatDuration(Math.max(0, options.nowMs - state.startedMs));
  const title = colors.bold(cutText(`${titleOf(state)} · ${elapsed}`, { width: columns, from: 'end' }));
  const notice = simulationNotice(state);
  if (notice === null) return [title];
  return [title, colors.warning(cutText(notice, { width: columns, from: 'end' }))];
}

type GroupsInput = {
  readonly state: ProgressState;
  readonly columns: number;
  /** Lines that the groups may take. */
  readonly room: number;
  readonly colors: Colors;
};

function groupLines({ state, columns, room, colors }: GroupsInput): readonly string[] {
  const shown = state.groups.length <= room ? state.groups : chooseGroups(state.groups, room - 1);
  const layout = layoutOf(shown, columns);
  const labels = fitNames(shown.map(labelOf), layout.label);
  const lines = shown.map((group) =>
    groupLine({ group, label: labels.get(labelOf(group))!, layout, columns, colors }),
  );
  const hidden = state.groups.length - shown.length;
  if (hidden > 0 && room > 0) {
    lines.push(cutText(`... and ${hidden} more`, { width: columns, from: 'end' }));
  }
  return lines;
}

/** Where not all have a line: those under way first, in their own order. */
function chooseGroups(groups: readonly GroupProgress[], count: number): readonly GroupProgress[] {
  const room = Math.max(0, count);
  const open = groups.filter((group) => doneOf(group) < group.tasks).slice(0, room);
  const closed = groups.filter((group) => doneOf(group) >= group.tasks).slice(0, room - open.length);
  const chosen = new Set([...open, ...closed]);
  return groups.filter((group) => chosen.has(group));
}

type Layout = {
  readonly label: number;
  readonly bar: number;
  readonly counts: number;
  /** How many columns remain for words behind the counts. */
  readonly notes: number;
};

const MAX_BAR = 30;
const MIN_BAR = 5;

function layoutOf(groups: readonly GroupProgress[], columns: number): Layout {
  const counts = Math.max(0, ...groups.map((group) => countsOf(group).length));
  const widest = Math.max(0, ...groups.map((group) => displayWidth(labelOf(group))));
  const label = Math.min(widest, Math.max(8, Math.floor(columns * 0.4)));
  // A blank before the bar and one before the counts.
  const left = columns - label - counts - 2;
  const wide = columns >= 72;
  const bar = Math.min(MAX_BAR, wide ? left - NOTES_WIDTH : left);
  if (bar < MIN_BAR)
    return { label: Math.max(0, Math.min(widest, columns - counts - 1)), bar: 0, counts, notes: 0 };
  return { label, bar, counts, notes: wide ? left - bar : 0 };
}

/** Room for `  120 cached  12 failed`. */
const NOTES_WIDTH = 22;

function groupLine(input: {
  readonly group: GroupProgress;
  /** Not wider than its column. */
  readonly label: string;
  readonly layout: Layout;
  readonly columns: number;
  readonly colors: Colors;
}): string {
  const { group, layout, columns, colors } = input;
  const label = input.label + ' '.repeat(Math.max(0, layout.label - displayWidth(input.label)));
  const counts = countsOf(group).padStart(layout.counts);
  if (layout.bar === 0) return cutText(`${label} ${counts}`, { width: columns, from: 'end' });
  const failed = group.failed > 0 ? `  ${group.failed} failed` : '';
  const cached = group.cached > 0 ? `  ${group.cached} cached` : '';
  const fits = failed.length + cached.length <= layout.notes;
  const notes = layout.notes === 0 ? '' : colors.error(failed) + (fits ? colors.dim(cached) : '');
  return `${label} ${barOf({ group, width: layout.bar, colors })} ${counts}${notes}`;
}

/** `▓` cached, `█` done now, `x` failed, `░` to come; each boundary is rounded, so the whole is always as wide. */
function barOf(input: {
  readonly group: GroupProgress;
  readonly width: number;
  readonly colors: Colors;
}): string {
  const { group, width, colors } = input;
  const edge = (count: number): number => Math.floor(Math.min(1, count / Math.max(1, group.tasks)) * width);
  const cached = edge(group.cached);
  const completed = edge(group.cached + group.completed);
  // One failure is seen, however wide a cell's share is.
  const ended = Math.max(edge(doneOf(group)), group.failed > 0 ? Math.min(width, completed + 1) : 0);
  const failed = Math.max(ended - completed, 0);
  return (
    colors.dim('▓'.repeat(cached)) +
    colors.good('█'.repeat(completed - cached)) +
    colors.error('x'.repeat(failed)) +
    colors.dim('░'.repeat(width - completed - failed))
  );
}

function doneOf(group: GroupProgress): number {
  return group.cached + group.completed + group.failed;
}

function labelOf(group: GroupProgress): string {
  const name = sanitizeLine(group.variant);
  return group.run === 0 ? `score ${name}` : `${name} run ${group.run}`;
}

function countsOf(group: GroupProgress): string {
  return `${doneOf(group)}/${group.tasks}`;
}

/** Fills lines with parts, as many as fit. */
function packParts(parts: readonly string[], columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const next = line === '' ? part : `${line} · ${part}`;
    if (line !== '' && next.length > columns) {
      lines.push(line);
      line = part;
    } else {
      line = next;
    }
  }
  return [...lines, line].map((text) => cutText(text, { width: columns, from: 'end' }));
}
