// What a canvas is drawn with: its width in CSS pixels, and the colours of the theme as they are now.
import { useEffect, useState } from '../base/preact.ts';
import { colorOf, isDark } from '../base/theme.ts';

export type Colors = {
  readonly [name in
    | 'good'
    | 'bad'
    | 'refused'
    | 'wait'
    | 'line'
    | 'text'
    | 'muted'
    | 'curve'
    | 'selected']: string;
};

export function usePaint(canvas: { readonly current: HTMLCanvasElement | null }): {
  readonly width: number;
  readonly colors: Colors;
} {
  const [width, setWidth] = useState(0);
  const [colors, setColors] = useState<Colors>(readColors);
  const dark = isDark.value;
  useEffect(() => setColors(readColors()), [dark]);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    if (canvas.current) watcher.observe(canvas.current);
    return () => watcher.disconnect();
  }, []);
  return { width, colors };
}

function readColors(): Colors {
  return {
    good: colorOf('--arm-1'),
    bad: colorOf('--bad'),
    refused: colorOf('--warn'),
    wait: colorOf('--line-strong'),
    line: colorOf('--line'),
    text: colorOf('--text'),
    muted: colorOf('--muted'),
    curve: colorOf('--arm-3'),
    selected: colorOf('--selected'),
  };
}
