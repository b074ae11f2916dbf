// A card as it is read: what was asked, what was answered, what was offered. Whatever a model wrote is text.
import type { CardAnswer, CardContent } from '../../core/review.ts';
import { sanitizeLine } from '../../core/text.ts';
import { type ComponentChildren, type Signal, useMemo } from '../base/preact.ts';
import { Calls } from '../parts/calls.tsx';
import { Turns } from '../parts/conversation.tsx';
import { Markdown } from '../parts/markdown.tsx';
import { PlainText } from '../parts/plain-text.tsx';
import { betweenOf, turnsOf, turnsSummary } from '../parts/turns.ts';

type Props = {
  readonly card: CardContent;
  readonly markdown: Signal<boolean>;
  readonly children?: ComponentChildren;
};

export function CardText({ card, markdown, children }: Props) {
  const [first, second] = card.answers;
  const asked = useMemo(() => turnsOf(card.input), [card.input]);
  return (
    <article class="review-card" aria-label="Card">
      <div class="bar">
        <h3 class="mono">{sanitizeLine(card.scenario)}</h3>
        {card.category !== null && <span class="tag">{sanitizeLine(card.category)}</span>}
      </div>
      {card.description !== null && <p class="review-about">{sanitizeLine(card.description)}</p>}
      <Turns turns={asked} markdown={false} />
      {second === undefined ? (
        <Answer answer={first!} title="Answer" markdown={markdown.value} />
      ) : (
        <div class="review-pair">
          <Answer answer={first!} title="Left" markdown={markdown.value} />
          <Answer answer={second} title="Right" markdown={markdown.value} />
        </div>
      )}
      {children !== undefined && <div>{children}</div>}
    </article>
  );
}

function Answer(props: { readonly answer: CardAnswer; readonly title: string; readonly markdown: boolean }) {
  const { title, markdown } = props;
  const { text, toolCalls, turns } = props.answer;
  const between = useMemo(() => betweenOf(turnsOf(turns), text), [turns, text]);
  const isEmpty = (text === null || text === '') && toolCalls.length === 0;
  return (
    <section class="review-answer panel" aria-label={title}>
      <h4>{title}</h4>
      {text !== null && text !== '' && (
        <div class="review-text">{markdown ? <Markdown text={text} /> : <PlainText text={text} />}</div>
      )}
      {toolCalls.length > 0 && <Calls calls={toolCalls} />}
      {isEmpty && <p class="muted">Nothing was answered.</p>}
      {between.length > 0 && (
        <details>
          <summary>The way to it: {turnsSummary(between)}</summary>
          <Turns turns={between} markdown={markdown} />
        </details>
      )}
      <Tools tools={props.answer.tools} />
    </section>
  );
}

function Tools({ tools }: Pick<CardAnswer, 'tools'>) {
  if (tools.length === 0) return null;
  return (
    <details>
      <summary>
        {tools.length} {tools.length === 1 ? 'tool was' : 'tools were'} offered
      </summary>
      <dl class="review-tools">
        {tools.map(({ name, description, parameters }, i) => (
          <div key={i}>
            <dt class="mono">{sanitizeLine(`${name}(${parameters.join(', ')})`)}</dt>
            {description !== null && <dd>{sanitizeLine(description)}</dd>}
          </div>
        ))}
      </dl>
    </details>
  );
}
