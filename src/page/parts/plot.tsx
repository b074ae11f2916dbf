// A plot on the page: drawn as wide as there is room, gone through by keys, and the same as a table below it.
import { drawPlot } from '../../report/plot/draw.ts';
import { type Plot, toldIn } from '../../report/plot/plot.ts';
import type { SvgNode } from '../../report/plot/svg.ts';
import { type ComponentChildren, h, useEffect, useRef, useState } from '../base/preact.ts';
import { go } from '../base/route.ts';
import { Table } from './sheet.tsx';
import './plot.css';

const FIRST_WIDTH = 640;

export function PlotFigure({ plot }: { readonly plot: Plot }) {
  const room = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  const [active, setActive] = useState<number | null>(null);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    if (room.current) watcher.observe(room.current);
    return () => watcher.disconnect();
  }, []);
  const marks = toldIn(plot.figure);
  const told = active === null ? undefined : marks[active];
  const open = (at: number | null): void => {
    const scenario = at === null ? null : marks[at]?.scenario;
    if (scenario != null) go({ screen: 'scenario', query: new URLSearchParams({ scenario }) });
  };
  const step = (by: number): void =>
    setActive(
      (active === null ? (by > 0 ? 0 : marks.length - 1) : active + by + marks.length) % marks.length,
    );
  const keys: { readonly [key: string]: () => void } = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => setActive(0),
    End: () => setActive(marks.length - 1),
    Escape: () => setActive(null),
    Enter: () => open(active),
  };
  return (
    <figure class="plot-figure" id={`plot-${plot.id}`}>
      <figcaption>{plot.title}</figcaption>
      <div
        ref={room}
        class="plot-room"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys go through the marks of a picture
        tabIndex={0}
        role="application"
        aria-roledescription="plot"
        aria-label={`${plot.title}. Arrow keys go through its ${marks.length} marks.`}
        onKeyDown={(event) => {
          const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (run === undefined) return;
          event.preventDefault();
          run();
        }}
        onPointerMove={(event) => setActive(markAt(event.target) ?? active)}
        onPointerLeave={() => setActive(null)}
        onClick={(event) => open(markAt(event.target))}
      >
        {element(drawPlot(plot, width), { active, marks })}
      </div>
      <p class="plot-told muted" aria-live="polite">
        {told?.words ?? '\u00a0'}
      </p>
      <details class="plot-table">
        <summary>As a table</summary>
        <Table label={plot.title} columns={plot.columns} rows={plot.rows} />
      </details>
    </figure>
  );
}

function markAt(target: EventTarget | null): number | null {
  const mark = target instanceof Element ? target.getAttribute('data-mark') : null;
  return mark === null ? null : Number(mark);
}

type Marked = {
  readonly active: number | null;
  readonly marks: readonly { readonly scenario: string | null }[];
};

function element({ tag, attributes, children }: SvgNode, marked: Marked): ComponentChildren {
  const mark = attributes['data-mark'];
  const isActive = mark !== undefined && mark === marked.active;
  const opens = mark !== undefined && marked.marks[Number(mark)]?.scenario != null;
  const names = [attributes.class, ...(isActive ? ['plot-active'] : []), ...(opens ? ['plot-opens'] : [])];
  return h(
    tag,
    { ...attributes, class: names.join(' ') },
    ...children.map((child) => (typeof child === 'string' ? child : element(child, marked))),
  );
}
