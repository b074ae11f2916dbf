// Dimensions with their labels, each with the sentence that anchors it; note, flag, and whether the arm can be told.

import { type Choice, choicesOf } from '../../review/choices.ts';
import { FLAG, isComplete, toggled } from '../../review/draft.ts';
import type { RefObject } from '../base/preact.ts';
import { useLayoutEffect, useRef } from '../base/preact.ts';
import type { Source } from '../base/source.ts';
import { ArmGuess } from './arm-guess.tsx';
import { choose, goOn, leave, undo } from './keys.ts';
import type { Steps } from './places.ts';
import type { Reading } from './reading.ts';

type Props = {
  readonly reading: Reading;
  readonly steps: Steps;
  readonly source: Source;
  readonly at: number;
  readonly note: RefObject<HTMLTextAreaElement | null>;
};

export function Rubric({ reading, steps, source, at, note }: Props) {
  const { protocol } = reading.screen;
  const draft = reading.draft.value;
  const next = useRef<HTMLButtonElement>(null);
  const isWhole = isComplete(draft, protocol);
  return (
    <aside class="review-rubric panel" aria-label="Your verdict">
      {protocol.dimensions.map((dimension, i) => (
        <Dimension key={dimension.name} {...{ reading, dimension, at: i }} />
      ))}
      <label class="review-note">
        <span>
          Note <kbd>n</kbd>
        </span>
        <textarea
          ref={note}
          class="field"
          rows={2}
          value={draft.note}
          onInput={(event) => reading.type(event.currentTarget.value)}
          onBlur={() => reading.saveNow()}
          onKeyDown={(event) => {
            // Out of the field again; Enter alone is a new line of the note.
            if (event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))) {
              event.preventDefault();
              event.currentTarget.blur();
              next.current?.focus();
            }
          }}
        />
      </label>
      <div class="bar">
        <button
          type="button"
          class={`chip ${draft.flags.includes(FLAG) ? 'on' : ''}`}
          aria-pressed={draft.flags.includes(FLAG)}
          onClick={() => reading.change({ flags: toggled(draft.flags, FLAG) })}
        >
          Flag <kbd>f</kbd>
        </button>
        <button
          type="button"
          class={`chip ${draft.tells ? 'on' : ''}`}
          aria-pressed={draft.tells}
          onClick={() => reading.change({ tells: !draft.tells, guess: null })}
        >
          I can tell which arm <kbd>t</kbd>
        </button>
      </div>
      {draft.tells && <ArmGuess reading={reading} source={source} />}
      <div class="bar review-steps">
        <button ref={next} type="button" class="btn on" onClick={() => void goOn({ reading, steps, at })}>
          {isWhole ? 'Next card' : 'Next question'} <kbd>Enter</kbd>
        </button>
        <button type="button" class="btn" onClick={() => void undo({ reading, steps, at })}>
          Undo <kbd>u</kbd>
        </button>
        <button
          type="button"
          class="btn"
          disabled={at === 0}
          onClick={() => leave({ reading, steps, at }, at - 1)}
        >
          <span aria-hidden="true">‹</span> <span class="sr">card before</span> <kbd>k</kbd>
        </button>
        <button
          type="button"
          class="btn"
          disabled={at === reading.screen.cards.length - 1}
          onClick={() => leave({ reading, steps, at }, at + 1)}
        >
          <span aria-hidden="true">›</span> <span class="sr">card behind</span> <kbd>j</kbd>
        </button>
      </div>
    </aside>
  );
}

function Dimension({
  reading,
  dimension: { name, question },
  at,
}: {
  readonly reading: Reading;
  readonly dimension: { readonly name: string; readonly question: string };
  readonly at: number;
}) {
  const { protocol } = reading.screen;
  const isCurrent = reading.dimension.value === at;
  const label = reading.draft.value.labels[name];
  const group = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);
  // At once: later it would take the focus from where keys have led meanwhile.
  useLayoutEffect(() => {
    // The first one waits until the card is read: the head of the card has the focus then.
    if (isCurrent && !isFirst.current) group.current?.focus({ preventScroll: false });
    isFirst.current = false;
  }, [isCurrent]);
  return (
    <div
      ref={group}
      role="radiogroup"
      tabIndex={-1}
      aria-labelledby={`dimension-${at}`}
      class={`review-dimension ${isCurrent ? 'current' : ''}`}
      onFocusIn={(event) => {
        // Who tabs to a label means its question; the focus on the group itself follows the question.
        if (event.target !== event.currentTarget) reading.dimension.value = at;
      }}
    >
      <p id={`dimension-${at}`}>
        <strong>{name.replaceAll('_', ' ')}</strong> {question}
      </p>
      {choicesOf(protocol).map((choice, i) => (
        <Option
          key={choice.name}
          {...{ choice, number: i + 1, isChosen: label === choice.name }}
          isTabStop={label === undefined ? i === 0 : label === choice.name}
          choose={() => choose(reading, { dimension: at, label: choice.name })}
        />
      ))}
    </div>
  );
}

function Option(props: {
  readonly choice: Choice;
  readonly number: number;
  readonly isChosen: boolean;
  readonly isTabStop: boolean;
  readonly choose: () => void;
}) {
  const { choice, number, isChosen, isTabStop, choose } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a radio would keep the keys 1 to 9, n and u to itself
    <button
      type="button"
      role="radio"
      class={`review-option ${isChosen ? 'on' : ''}`}
      aria-checked={isChosen}
      tabIndex={isTabStop ? 0 : -1}
      onClick={choose}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        const options = [...event.currentTarget.parentElement!.querySelectorAll('button')];
        const to = options.indexOf(event.currentTarget) + step;
        options[(to + options.length) % options.length]!.focus();
      }}
    >
      <kbd>{number}</kbd>
      <span class="review-label">{choice.title}</span>
      {choice.anchor !== null && <span class="review-anchor">{choice.anchor}</span>}
    </button>
  );
}
