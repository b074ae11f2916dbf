// The bar above the matrix: what is searched, left out, in which order, and what cells show.
import type { ExperimentScreen } from '../../screens/experiment.ts';
import type { MatrixQuery, SortKey } from '../../screens/matrix.ts';
import { SORT_KEYS } from '../../screens/matrix-query.ts';
import { useState } from '../base/preact.ts';
import { Choice } from '../parts/choice.tsx';
import { type MatrixState, SHOWS, type Show } from './address.ts';
import { type ChangeQuery, Search } from './search.tsx';
import { type AskInvocations, Since } from './since.tsx';

const SORT_WORDS: Readonly<Record<SortKey, string>> = {
  category: 'category',
  scenario: 'scenario',
  score: 'score',
  tokens: 'tokens',
  latency: 'latency',
  cost: 'cost',
  spread: 'spread of arms',
};

export function Filters(props: {
  readonly state: MatrixState;
  readonly experiment: ExperimentScreen;
  readonly ask: AskInvocations;
  /** What is wrong with what was typed. */
  readonly mistake: string | null;
  /** 0..1, of texts that are searched. */
  readonly searched: number;
  readonly change: ChangeQuery;
  readonly changeShow: (show: Show) => void;
  readonly toList: () => void;
}) {
  const { state, experiment, change } = props;
  const { query } = state;
  const [isOpen, setOpen] = useState(false);
  const variants = experiment.variants.map(({ variant }) => variant);
  return (
    <search class="mx-bar" aria-label="Search and filters">
      <Search
        text={query.search}
        mistake={props.mistake}
        searched={props.searched}
        change={change}
        toList={props.toList}
      />
      <button
        type="button"
        class={isOpen ? 'btn mx-more on' : 'btn mx-more'}
        aria-expanded={isOpen}
        aria-controls="mx-filters"
        onClick={() => setOpen(!isOpen)}
      >
        Filters
      </button>
      <div id="mx-filters" class={isOpen ? 'mx-filters open' : 'mx-filters'}>
        {experiment.categories.length > 1 && (
          <Choice
            title="Category"
            of={experiment.categories}
            chosen={query.category}
            choose={(category) => change({ category })}
          />
        )}
        {experiment.tags.length > 0 && (
          <Choice title="Tag" of={experiment.tags} chosen={query.tag} choose={(tag) => change({ tag })} />
        )}
        {variants.length > 1 && (
          <Choice
            title="Variant"
            of={variants}
            chosen={query.variant}
            choose={(variant) => change({ variant })}
          />
        )}
        {(variants.length > 1 || query.armsDiffer) && (
          <Toggle
            title="Arms differ"
            about="Scenarios where arms come to different ends in a run; where nobody judges, to different answers"
            isOn={query.armsDiffer}
            turn={(armsDiffer) => change({ armsDiffer })}
          />
        )}
        {(experiment.runs.length > 1 || query.runsDiffer) && (
          <Toggle
            title="Runs differ"
            about="Scenarios where runs of an arm come to different ends; where nobody judges, to different answers"
            isOn={query.runsDiffer}
            turn={(runsDiffer) => change({ runsDiffer })}
          />
        )}
        {props.ask.source.holds('invocations') && (
          <Since chosen={query.changedSince} ask={props.ask} change={change} />
        )}
        <Sort query={query} change={change} />
      </div>
      <ShowSwitch show={state.show} changeShow={props.changeShow} />
    </search>
  );
}

function Toggle(props: {
  readonly title: string;
  readonly about: string;
  readonly isOn: boolean;
  readonly turn: (isOn: boolean) => void;
}) {
  return (
    <button
      type="button"
      class={props.isOn ? 'btn on' : 'btn'}
      aria-pressed={props.isOn}
      title={props.about}
      onClick={() => props.turn(!props.isOn)}
    >
      {props.title}
    </button>
  );
}

function Sort({ query, change }: { readonly query: MatrixQuery; readonly change: ChangeQuery }) {
  const words = query.descending ? 'descending' : 'ascending';
  return (
    <span class="mx-sort">
      <select
        class={query.sort === 'category' ? 'field' : 'field on'}
        aria-label="Order"
        value={query.sort}
        onChange={({ currentTarget: { value } }) => change({ sort: value as SortKey })}
      >
        {SORT_KEYS.map((sort) => (
          <option key={sort} value={sort}>{`by ${SORT_WORDS[sort]}`}</option>
        ))}
      </select>
      <button
        type="button"
        class={query.descending ? 'btn on' : 'btn'}
        aria-label={`Order is ${words}. Turn`}
        title={words}
        onClick={() => change({ descending: !query.descending })}
      >
        {query.descending ? '↓' : '↑'}
      </button>
    </span>
  );
}

function ShowSwitch({
  show,
  changeShow,
}: {
  readonly show: Show;
  readonly changeShow: (show: Show) => void;
}) {
  return (
    <fieldset class="mx-show">
      <legend class="sr">Cells show</legend>
      {SHOWS.map((one) => (
        <button
          key={one}
          type="button"
          class={one === show ? 'btn on' : 'btn'}
          aria-pressed={one === show}
          onClick={() => changeShow(one)}
        >
          {one}
        </button>
      ))}
    </fieldset>
  );
}
