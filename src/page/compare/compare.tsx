// The screen `compare`: what is asked is in the address, then the words, the pictures and the tables.
import type { CompareScreen } from '../../screens/compare.ts';
import type { SheetBlock } from '../../screens/sheet-block.ts';
import { Refused, useScreen } from '../base/load.tsx';
import { go } from '../base/route.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { PlotFigure } from '../parts/plot.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { Question } from './question.tsx';
import './compare.css';

export function Compare(props: ScreenProps) {
  const { value, refusal } = useScreen('compare', props);
  if (refusal) return <Refused refusal={refusal} />;
  if (value === null) return null;
  return (
    <div class="page compare">
      <Question screen={value} query={props.query} isFile={props.source.kind === 'file'} />
      {value.refused === null ? (
        <Numbers screen={value} />
      ) : (
        <NotCompared screen={value} query={props.query} />
      )}
    </div>
  );
}

function Numbers({ screen: { blocks, plots } }: { readonly screen: CompareScreen }) {
  const [title, ...rest] = blocks;
  // Several dimensions have a sheet each: what is said of one stays below its title.
  const isOne = !rest.some(({ kind }) => kind === 'title');
  const isWords = (block: SheetBlock): boolean =>
    isOne && block.kind === 'sentences' && (block.head === 'First of all' || block.head === 'What this says');
  return (
    <>
      {title && <Sheet blocks={[title]} />}
      <Sheet blocks={rest.filter(isWords)} />
      <div class="compare-plots">
        {plots.map((plot) => (
          <PlotFigure key={plot.id} plot={plot} />
        ))}
      </div>
      <Sheet blocks={rest.filter((block) => !isWords(block))} />
    </>
  );
}

/** What is not there or not alike is said first; whoever wants the numbers all the same gets them marked. */
function NotCompared({ screen, query }: { readonly screen: CompareScreen; readonly query: URLSearchParams }) {
  const { isIncomplete, isMixed } = screen.refused!;
  const allow = (name: 'incomplete' | 'models') => () => {
    const next = new URLSearchParams(query);
    next.set(name, 'allow');
    go({ screen: 'compare', query: next });
  };
  return (
    <section class="notice warn" role="alert">
      <pre>{screen.text}</pre>
      <p class="bar">
        {isIncomplete && (
          <button type="button" class="btn" onClick={allow('incomplete')}>
            Compare what is there, every number marked
          </button>
        )}
        {isMixed && (
          <button type="button" class="btn" onClick={allow('models')}>
            Compare mixed models, every number marked
          </button>
        )}
      </p>
    </section>
  );
}
