// What is compared: metric, groups, clusters and arms, each a part of the address.
import type { CompareScreen } from '../../screens/compare.ts';
import { go } from '../base/route.ts';

type Props = { readonly screen: CompareScreen; readonly query: URLSearchParams; readonly isFile: boolean };

/** A file holds some questions and their answers; only these can be asked of it. */
export function Question({ screen, query, isFile }: Props) {
  const { choices } = screen;
  const ask = (name: string, value: string): void => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    go({ screen: 'compare', query: next });
  };
  return (
    <form class="bar compare-question" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="metric"
        value={screen.metric}
        options={choices.metrics}
        onChoose={(value) => ask('metric', value)}
      />
      {choices.groups.length > 0 && (
        <Choice
          label="by"
          value={screen.by ?? ''}
          options={[
            '',
            ...(isFile ? choices.groups.filter((group) => group === 'category') : choices.groups),
          ]}
          none="nothing"
          onChoose={(value) => ask('by', value)}
        />
      )}
      {choices.clusters.length > 0 && !isFile && (
        <Choice
          label="cluster"
          value={query.get('cluster') ?? ''}
          options={['', 'scenario', ...choices.clusters]}
          none="as the manifest says"
          onChoose={(value) => ask('cluster', value)}
        />
      )}
      {choices.variants.length > 2 && !isFile && <Arms screen={screen} query={query} />}
    </form>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly none?: string;
  readonly onChoose: (value: string) => void;
}) {
  return (
    <label class="bar">
      <span class="muted">{props.label}</span>
      <select
        class="field"
        value={props.value}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        {props.options.map((option) => (
          <option key={option} value={option}>
            {option === '' ? props.none : option}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The first one is held against each other one. */
function Arms({ screen, query }: Pick<Props, 'screen' | 'query'>) {
  const chosen = query.getAll('variant');
  const isOn = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
  const toggle = (name: string): void => {
    const { variants } = screen.choices;
    const next = variants.filter((one) => (one === name ? !isOn(name) : isOn(one)));
    if (next.length === 0) return;
    const asked = new URLSearchParams(query);
    asked.delete('variant');
    if (next.length < variants.length) for (const one of next) asked.append('variant', one);
    go({ screen: 'compare', query: asked });
  };
  return (
    <fieldset class="bar compare-arms">
      <legend class="sr">arms</legend>
      {screen.choices.variants.map((name) => (
        <button
          key={name}
          type="button"
          class={isOn(name) ? 'chip on' : 'chip'}
          aria-pressed={isOn(name)}
          onClick={() => toggle(name)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
