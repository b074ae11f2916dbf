// What plots of two axes have in common: grid, numbers, names of axes, a legend. Pure.
import { fitNames } from '../../core/names.ts';
import type { Axis } from './axis.ts';
import type { Scale } from './plot.ts';
import { lineNode, node, px, type SvgNode } from './svg.ts';

/** Colours that the style sheet has; more arms begin anew, and their names tell them apart. */
export const SERIES = 6;

const LEGEND = 20;
const HEIGHT = 260;
const UNDER = 40;

export type Frame = {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly height: number;
  readonly nodes: (input: {
    readonly across: Axis;
    readonly up: Axis;
    readonly x: Scale;
    readonly y: Scale;
  }) => readonly SvgNode[];
};

export function frameOf(width: number): Frame {
  const [left, right, top, bottom] = [64, width - 16, LEGEND + 14, HEIGHT];
  return {
    left,
    right,
    top,
    bottom,
    height: bottom + UNDER,
    nodes: ({ across, up, x, y }) => [
      ...up.ticks.flatMap(({ value, text }) => [
        lineNode('plot-grid', [left, up.at(value)], [right, up.at(value)]),
        node('text', { class: 'plot-tick', x: left - 8, y: px(up.at(value) + 4), 'text-anchor': 'end' }, [
          text,
        ]),
      ]),
      ...across.ticks.map(({ value, text }) =>
        node(
          'text',
          { class: 'plot-tick', x: px(across.at(value)), y: bottom + 16, 'text-anchor': 'middle' },
          [text],
        ),
      ),
      lineNode('plot-axis', [left, bottom], [right, bottom]),
      node(
        'text',
        { class: 'plot-axis-name', x: px((left + right) / 2), y: bottom + 34, 'text-anchor': 'middle' },
        [x.name],
      ),
      node(
        'text',
        {
          class: 'plot-axis-name',
          x: -px((top + bottom) / 2),
          y: 12,
          'text-anchor': 'middle',
          transform: 'rotate(-90)',
        },
        [y.name],
      ),
    ],
  };
}

const LETTER = 6.8;
const MAX_NAME = 28;

/** In one row; what has no place there is in the table below. */
function legendOf(names: readonly string[], { left, right }: Frame): readonly SvgNode[] {
  const fitted = fitNames(names, MAX_NAME);
  const nodes: SvgNode[] = [];
  let x = left;
  for (const [i, name] of names.entries()) {
    const text = fitted.get(name)!;
    const width = 20 + text.length * LETTER;
    if (x + width > right) break;
    nodes.push(
      node('g', { class: `plot-legend plot-series-${i % SERIES}` }, [
        node('circle', { class: 'plot-point', cx: px(x + 5), cy: 9, r: 5 }),
        node('text', { class: 'plot-name', x: px(x + 14), y: 13 }, [text]),
      ]),
    );
    x += width + 12;
  }
  return nodes;
}

/** A whole plot of two axes: its frame, what is drawn in it, and whose it is. */
export function framed(
  parts: {
    readonly words: string;
    readonly width: number;
    readonly frame: Frame;
    readonly axes: Parameters<Frame['nodes']>[0];
    readonly names: readonly string[];
  },
  drawn: readonly SvgNode[],
): SvgNode {
  const { words, width, frame, axes, names } = parts;
  const { height } = frame;
  return node(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': words, class: 'plot' },
    [...frame.nodes(axes), ...drawn, ...legendOf(names, frame)],
  );
}
