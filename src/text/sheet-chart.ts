// Intervals as one inline SVG: a point and its interval a row, on one scale. Colours come from the page. Pure.
import type { Chart, ChartRow } from './sheet.ts';
import { escapeHtml } from './sheet-escape.ts';

const WIDTH = 720;
const NAMES = 230;
const TEXTS = 190;
const ROW = 26;
const AXIS = 24;

export function chartSvg(chart: Chart): string {
  const rows = chart.rows.filter(({ low, middle, high }) => [low, middle, high].every(Number.isFinite));
  if (rows.length === 0) return '';
  const scale = scaleOf(rows, chart.zero);
  const height = rows.length * ROW + AXIS;
  const bottom = rows.length * ROW;
  const zero =
    chart.zero === null
      ? ''
      : line({ x1: scale(chart.zero), y1: 0, x2: scale(chart.zero), y2: bottom, className: 'zero' });
  const ticks = scale.ends.map((value, i) => {
    const anchor = i === 0 ? 'start' : 'end';
    return `<text class="tick" x="${fixed(scale(value))}" y="${bottom + 16}" text-anchor="${anchor}">${escapeHtml(chart.format(value))}</text>`;
  });
  const axis = line({ x1: NAMES, y1: bottom, x2: WIDTH - TEXTS, y2: bottom, className: 'axis' });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(chart.head)}">${zero}${axis}${rows.map((row, i) => rowSvg(row, { scale, y: i * ROW + ROW / 2 })).join('')}${ticks.join('')}</svg>`;
}

type Scale = ((value: number) => number) & { readonly ends: readonly [number, number] };

function scaleOf(rows: readonly ChartRow[], zero: number | null): Scale {
  const values = [
    ...rows.flatMap(({ low, middle, high }) => [low, middle, high]),
    ...(zero === null ? [] : [zero]),
  ];
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Arms that are all alike still have a place: in the middle.
  const margin = high === low ? Math.abs(high) / 2 || 0.5 : (high - low) * 0.05;
  const [from, to] = [low - margin, high + margin];
  const place = (value: number): number => NAMES + ((value - from) / (to - from)) * (WIDTH - NAMES - TEXTS);
  return Object.assign(place, { ends: [from, to] as const });
}

function rowSvg(row: ChartRow, { scale, y }: { readonly scale: Scale; readonly y: number }): string {
  const whisker = (x: number): string => line({ x1: x, y1: y - 5, x2: x, y2: y + 5, className: 'interval' });
  const interval = line({ x1: scale(row.low), y1: y, x2: scale(row.high), y2: y, className: 'interval' });
  const name = `<text class="name" x="${NAMES - 12}" y="${y + 4}" text-anchor="end">${escapeHtml(row.name)}</text>`;
  const text = `<text class="text" x="${WIDTH - TEXTS + 12}" y="${y + 4}">${escapeHtml(row.text)}</text>`;
  const point = `<circle class="point" cx="${fixed(scale(row.middle))}" cy="${y}" r="4.5"/>`;
  return name + interval + whisker(scale(row.low)) + whisker(scale(row.high)) + point + text;
}

function line(input: {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly className: string;
}): string {
  return `<line class="${input.className}" x1="${fixed(input.x1)}" y1="${fixed(input.y1)}" x2="${fixed(input.x2)}" y2="${fixed(input.y2)}"/>`;
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
