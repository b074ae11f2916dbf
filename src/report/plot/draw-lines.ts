// A line an arm over whole numbers, each point with its interval. Pure.
import { axisOf } from './axis.ts';
import { framed, frameOf, SERIES } from './frame.ts';
import type { Figure, Line } from './plot.ts';
import { lineNode, node, px, type SvgNode } from './svg.ts';

export function drawLines(
  { x, y, lines }: Extract<Figure, { readonly kind: 'lines' }>,
  { words, width }: { readonly words: string; readonly width: number },
): SvgNode {
  const frame = frameOf(width);
  const points = lines.flatMap((line) => line.points);
  const across = axisOf(
    points.map((point) => point.x),
    { scale: x, pixels: [frame.left, frame.right], most: 8 },
  );
  const up = axisOf(
    points.flatMap(({ low, y: middle, high }) => [low, middle, high]),
    {
      scale: y,
      pixels: [frame.bottom, frame.top],
      most: 5,
    },
  );
  let mark = 0;
  const drawn = lines.map((line, i) => {
    const first = mark;
    mark += line.points.length;
    // Lines of the same numbers would hide each other.
    const aside = (i - (lines.length - 1) / 2) * 5;
    return node(
      'g',
      { class: `plot-line plot-series-${i % SERIES}` },
      lineNodes(line, { across: (value) => across.at(value) + aside, up: up.at, first }),
    );
  });
  const names = lines.map(({ name }) => name);
  return framed({ words, width, frame, axes: { across, up, x, y }, names }, drawn);
}

function lineNodes(
  { points }: Line,
  {
    across,
    up,
    first,
  }: {
    readonly across: (value: number) => number;
    readonly up: (value: number) => number;
    readonly first: number;
  },
): readonly SvgNode[] {
  const way = points.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${px(across(x))} ${px(up(y))}`).join('');
  return [
    node('path', { class: 'plot-way', d: way }),
    ...points.flatMap(({ x, y, low, high }, i) => [
      ...(low < high ? [lineNode('plot-band', [across(x), up(low)], [across(x), up(high)])] : []),
      node('circle', { class: 'plot-point', cx: px(across(x)), cy: px(up(y)), r: 4, 'data-mark': first + i }),
    ]),
  ];
}
