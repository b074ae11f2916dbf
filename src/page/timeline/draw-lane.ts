// A lane on a canvas: axis, curve of calls under way, waits, attempts.
import type { TimelineLane } from '../../screens/timeline.ts';
import { formatDuration } from '../../text/format.ts';
import type { Span } from './span.ts';
import type { Colors } from './use-paint.ts';

const CURVE = 64;
const WAITS = 14;
const AXIS = 20;
/** Rows are as high as there is room for them, up to this. */
const MOST_ROW = 9;
const MOST_ROWS = 240;

type Sight = { readonly span: Span; readonly width: number; readonly height: number };

export function heightOf(lane: TimelineLane): number {
  return CURVE + WAITS + Math.min(MOST_ROWS, rowsOf(lane) * MOST_ROW) + AXIS;
}

function rowsOf({ attempts }: TimelineLane): number {
  return attempts.reduce((most, { row }) => Math.max(most, row + 1), 1);
}

function rowHeight(lane: TimelineLane): number {
  return Math.min(MOST_ROW, MOST_ROWS / rowsOf(lane));
}

/** Of what is drawn at a place the last one, which lies on top. */
export function attemptAt(
  lane: TimelineLane,
  { span, width, x, y }: Sight & { readonly x: number; readonly y: number },
): number | null {
  const row = Math.floor((y - CURVE - WAITS) / rowHeight(lane));
  const at = span.from + (x / width) * (span.to - span.from);
  const slack = ((span.to - span.from) / width) * 2;
  const found = lane.attempts.findLastIndex(
    (one) => one.row === row && one.from - slack <= at && at <= one.to + slack,
  );
  return found === -1 ? null : found;
}

export function drawLane(
  canvas: HTMLCanvasElement,
  input: Sight & {
    readonly lane: TimelineLane;
    readonly colors: Colors;
    readonly active: number | null;
    readonly drag: { readonly from: number; readonly to: number } | null;
  },
): void {
  const { lane, span, width, height, colors, active, drag } = input;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const paint = canvas.getContext('2d');
  if (paint === null) return;
  paint.scale(ratio, ratio);
  paint.clearRect(0, 0, width, height);
  const xOf = (ms: number): number => ((ms - span.from) / (span.to - span.from)) * width;
  drawAxis(paint, { span, width, height, colors, xOf });
  drawCurve(paint, { lane, width, colors, xOf });
  const isSeen = ({ from, to }: { readonly from: number; readonly to: number }): boolean =>
    to >= span.from && from <= span.to;
  paint.fillStyle = colors.wait;
  for (const wait of lane.waits) {
    if (isSeen(wait))
      paint.fillRect(xOf(wait.from), CURVE + 3, Math.max(1, xOf(wait.to) - xOf(wait.from)), 5);
  }
  const high = rowHeight(lane);
  for (const [i, one] of lane.attempts.entries()) {
    if (!isSeen(one)) continue;
    const [x, y] = [xOf(one.from), CURVE + WAITS + one.row * high];
    const wide = Math.max(1, xOf(one.to) - x);
    paint.fillStyle = one.error === null ? colors.good : one.status === 429 ? colors.refused : colors.bad;
    paint.fillRect(x, y, wide, Math.max(1, high - 1));
    if (i === active) {
      paint.strokeStyle = colors.text;
      paint.lineWidth = 2;
      paint.strokeRect(x - 1, y - 1, wide + 2, Math.max(1, high - 1) + 2);
    }
  }
  if (drag !== null) {
    paint.globalAlpha = 0.4;
    paint.fillStyle = colors.selected;
    paint.fillRect(Math.min(drag.from, drag.to), 0, Math.abs(drag.to - drag.from), height);
    paint.globalAlpha = 1;
  }
}

type Drawn = { readonly width: number; readonly colors: Colors; readonly xOf: (ms: number) => number };

function drawCurve(
  paint: CanvasRenderingContext2D,
  { lane, width, colors, xOf }: Drawn & { readonly lane: TimelineLane },
): void {
  const most = Math.max(1, lane.totals.most);
  const yOf = (calls: number): number => CURVE - (calls / most) * (CURVE - 16);
  paint.beginPath();
  paint.moveTo(0, yOf(0));
  let before = 0;
  for (const { at, calls } of lane.concurrency) {
    const x = Math.max(-1, Math.min(width + 1, xOf(at)));
    paint.lineTo(x, yOf(before));
    paint.lineTo(x, yOf(calls));
    before = calls;
  }
  paint.lineTo(width, yOf(before));
  paint.lineTo(width, yOf(0));
  paint.closePath();
  paint.globalAlpha = 0.25;
  paint.fillStyle = colors.curve;
  paint.fill();
  paint.globalAlpha = 1;
  paint.strokeStyle = colors.curve;
  paint.lineWidth = 1.5;
  paint.stroke();
  paint.fillStyle = colors.muted;
  paint.font = '11px system-ui, sans-serif';
  paint.fillText(`${most} at once`, 4, 11);
}

function drawAxis(
  paint: CanvasRenderingContext2D,
  { span, width, height, colors, xOf }: Drawn & { readonly span: Span; readonly height: number },
): void {
  paint.strokeStyle = colors.line;
  paint.fillStyle = colors.muted;
  paint.font = '11px system-ui, sans-serif';
  paint.lineWidth = 1;
  const step = stepFor((span.to - span.from) / Math.max(2, width / 110));
  for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) {
    const x = Math.round(xOf(at)) + 0.5;
    paint.beginPath();
    paint.moveTo(x, 0);
    paint.lineTo(x, height - AXIS + 4);
    paint.stroke();
    const text = formatDuration(at);
    const wide = paint.measureText(text).width;
    paint.fillText(text, Math.max(0, Math.min(width - wide, x - wide / 2)), height - 5);
  }
}

/** Round for whoever reads a clock. */
const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5,
  216e5, 432e5, 864e5,
];

function stepFor(least: number): number {
  return STEPS_MS.find((step) => step >= least) ?? Math.ceil(least / 864e5) * 864e5;
}
