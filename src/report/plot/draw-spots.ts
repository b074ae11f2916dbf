// A spot an arm: what it costs against what it comes to. Pure.
import { axisOf } from './axis.ts';
import { framed, frameOf, SERIES } from './frame.ts';
import type { Figure } from './plot.ts';
import { lineNode, node, px, type SvgNode } from './svg.ts';

export function drawSpots(
  { x, y, spots }: Extract<Figure, { readonly kind: 'spots' }>,
  { words, width }: { readonly words: string; readonly width: number },
): SvgNode {
  const frame = frameOf(width);
  // What costs nothing lies at the left edge of everything: costs are read from zero.
  const across = axisOf([0, ...spots.map((spot) => spot.x)], {
    scale: x,
    pixels: [frame.left, frame.right],
    most: width > 500 ? 6 : 3,
  });
  const up = axisOf(
    spots.flatMap(({ low, y: middle, high }) => [low, middle, high]),
    {
      scale: y,
      pixels: [frame.bottom, frame.top],
      most: 5,
    },
  );
  const drawn = spots.map(
    ({ x: right, y: high, ...spot }, i): SvgNode =>
      node('g', { class: `plot-spot plot-series-${i % SERIES}` }, [
        ...(spot.low < spot.high
          ? [lineNode('plot-band', [across.at(right), up.at(spot.low)], [across.at(right), up.at(spot.high)])]
          : []),
        node('circle', {
          class: 'plot-point',
          cx: px(across.at(right)),
          cy: px(up.at(high)),
          r: 5.5,
          'data-mark': i,
        }),
      ]),
  );
  const names = spots.map(({ name }) => name);
  return framed({ words, width, frame, axes: { across, up, x, y }, names }, drawn);
}
