// One part of a report: its blocks in order, plots beside each other.
import type { DocumentBlock, DocumentPart } from '../../screens/report.ts';
import { PlotFigure } from '../parts/plot.tsx';
import { Sheet } from '../parts/sheet.tsx';

export function Part({ part: { id, heading, blocks } }: { readonly part: DocumentPart }) {
  const plots = blocks.flatMap((block) => (block.kind === 'plot' ? [block.plot] : []));
  return (
    <section id={`part-${id}`} class="report-part" tabIndex={-1}>
      <h3>{heading}</h3>
      {blocks.map((block, i) => (
        <Block key={`${i}`} block={block} />
      ))}
      {plots.length > 0 && (
        <div class="report-plots">
          {plots.map((plot) => (
            <PlotFigure key={plot.id} plot={plot} />
          ))}
        </div>
      )}
    </section>
  );
}

function Block({ block }: { readonly block: DocumentBlock }) {
  if (block.kind === 'plot') return null;
  if (block.kind === 'code') return <pre class="report-code">{block.text}</pre>;
  return <Sheet blocks={[block]} />;
}
