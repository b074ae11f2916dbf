// A figure in pixels of a given width. Colours are classes: the page and the file say what they are, by day and by night. Pure.
import { unreachable } from '../../core/result.ts';
import { drawIntervals } from './draw-intervals.ts';
import { drawLines } from './draw-lines.ts';
import { drawSpots } from './draw-spots.ts';
import type { Plot } from './plot.ts';
import type { SvgNode } from './svg.ts';

/** Of a page that is printed, and where nobody says how wide. */
export const WIDTH = 720;

export function drawPlot({ figure, words }: Pick<Plot, 'figure' | 'words'>, width: number = WIDTH): SvgNode {
  const wide = Math.max(280, Math.round(width));
  switch (figure.kind) {
    case 'intervals':
      return drawIntervals(figure, { words, width: wide });
    case 'lines':
      return drawLines(figure, { words, width: wide });
    case 'spots':
      return drawSpots(figure, { words, width: wide });
    default:
      return unreachable(figure);
  }
}
