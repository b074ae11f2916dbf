// A point and its interval a row, on one scale, with what they were made of as dots. Pure.
import { fitNames } from '../../core/names.ts';
import { axisOf } from './axis.ts';
import type { Figure, IntervalRow } from './plot.ts';
import { lineNode, node, px, type SvgNode } from './svg.ts';

const ROW = 26;
const AXIS = 40;
/** Narrower than this numbers do not stand beside their rows; the table has them. */
const WITH_TEXTS = 560;
const TEXTS = 190;
/** Of a letter, on average. */
const LETTER = 7;

export function drawIntervals(
  { x, zero, rows }: Extract<Figure, { readonly kind: 'intervals' }>,
  { words, width }: { readonly words: string; readonly width: number },
): SvgNode {
  const names = Math.min(230, Math.round(width * 0.34));
  const right = width - (width >= WITH_TEXTS ? TEXTS : 14);
  const bottom = rows.length * ROW;
  const values = rows.flatMap(({ low, middle, high, dots }) => [
    low,
    middle,
    high,
    ...dots.map(({ at }) => at),
  ]);
  const axis = axisOf(zero === null ? values : [...values, zero], {
    scale: x,
    pixels: [names, right],
    most: width >= WITH_TEXTS ? 6 : 3,
  });
  const fitted = fitNames(
    rows.map(({ name }) => name),
    Math.floor((names - 14) / LETTER),
  );
  let mark = 0;
  const drawn = rows.map((row, i) => {
    const y = i * ROW + ROW / 2;
    const first = mark;
    mark += 1 + row.dots.length;
    return node('g', { class: row.isPart ? 'plot-row plot-part' : 'plot-row' }, [
      node('text', { class: 'plot-name', x: names - 12, y: y + 4, 'text-anchor': 'end' }, [
        fitted.get(row.name)!,
      ]),
      ...dotNodes(row, { y, at: axis.at, first: first + 1 }),
      ...intervalNodes(row, { y, at: axis.at, mark: first }),
      ...(width >= WITH_TEXTS
        ? [node('text', { class: 'plot-text', x: right + 12, y: y + 4 }, [row.text])]
        : []),
    ]);
  });
  const grid = axis.ticks.flatMap(({ value, text }) => [
    lineNode('plot-grid', [axis.at(value), 0], [axis.at(value), bottom]),
    node('text', { class: 'plot-tick', x: px(axis.at(value)), y: bottom + 15, 'text-anchor': 'middle' }, [
      text,
    ]),
  ]);
  return node(
    'svg',
    {
      viewBox: `0 0 ${width} ${bottom + AXIS}`,
      width,
      height: bottom + AXIS,
      role: 'img',
      'aria-label': words,
      class: 'plot',
    },
    [
      ...grid,
      ...(zero === null ? [] : [lineNode('plot-zero', [axis.at(zero), 0], [axis.at(zero), bottom])]),
      node(
        'text',
        { class: 'plot-axis-name', x: px((names + right) / 2), y: bottom + 33, 'text-anchor': 'middle' },
        [x.name],
      ),
      ...drawn,
    ],
  );
}

type Place = { readonly y: number; readonly at: (value: number) => number };

function intervalNodes(
  { low, middle, high }: IntervalRow,
  { y, at, mark }: Place & { readonly mark: number },
): readonly SvgNode[] {
  const whisker = (value: number): SvgNode =>
    lineNode('plot-interval', [at(value), y - 5], [at(value), y + 5]);
  return [
    ...(low < high
      ? [lineNode('plot-interval', [at(low), y], [at(high), y]), whisker(low), whisker(high)]
      : []),
    node('circle', { class: 'plot-point', cx: px(at(middle)), cy: y, r: 4.5, 'data-mark': mark }),
  ];
}

/** Equal ones beside each other, as far as the row is high. */
function dotNodes(
  { dots }: IntervalRow,
  { y, at, first }: Place & { readonly first: number },
): readonly SvgNode[] {
  const stacked = new Map<number, number>();
  return dots.map((dot, i) => {
    const x = Math.round(at(dot.at) / 3);
    const before = stacked.get(x) ?? 0;
    stacked.set(x, before + 1);
    const away = Math.ceil(before / 2) * (before % 2 === 0 ? -1 : 1) * 2.6;
    return node('circle', {
      class: 'plot-dot',
      cx: px(at(dot.at)),
      cy: px(y + Math.max(-10, Math.min(10, away))),
      r: 2.4,
      'data-mark': first + i,
    });
  });
}
