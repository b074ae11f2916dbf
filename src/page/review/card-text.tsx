// A card as it is read: what was asked, what was offered, what was answered. Whatever a model wrote is text.
import type { ChatMessage } from '../../core/chat.ts';
import type { CardAnswer, CardContent } from '../../core/review.ts';

export function CardText({ card }: { readonly card: CardContent }) {
  const [first, second] = card.answers;
  return (
    <article class="review-card" aria-label="Card">
      <div class="bar">
        <h3 class="mono">{card.scenario}</h3>
        {card.category !== null && <span class="tag">{card.category}</span>}
      </div>
      {card.description !== null && <p class="review-about">{card.description}</p>}
      {card.input.map((message, i) => (
        <Message key={i} message={message} />
      ))}
      {second === undefined ? (
        <Answer answer={first!} title="Answer" />
      ) : (
        <div class="review-pair">
          <Answer answer={first!} title="Left" />
          <Answer answer={second} title="Right" />
        </div>
      )}
    </article>
  );
}

function Answer({ answer, title }: { readonly answer: CardAnswer; readonly title: string }) {
  const { text, toolCalls, turns, tools } = answer;
  return (
    <section class="review-answer panel" aria-label={title}>
      <h4>{title}</h4>
      {text !== null && text !== '' && <div class="review-text">{text}</div>}
      {toolCalls.map(({ name, arguments: given }, i) => (
        <div key={i} class="review-call">
          <span class="mono">{name}</span>
          <pre>{JSON.stringify(given, null, 2)}</pre>
        </div>
      ))}
      {(text === null || text === '') && toolCalls.length === 0 && <p class="muted">Nothing was answered.</p>}
      {turns.length > 0 && (
        <details>
          <summary>
            The whole conversation, {turns.length} {turns.length === 1 ? 'message' : 'messages'}
          </summary>
          {turns.map((message, i) => (
            <Message key={i} message={message} />
          ))}
        </details>
      )}
      {tools.length > 0 && (
        <details>
          <summary>
            {tools.length} {tools.length === 1 ? 'tool was' : 'tools were'} offered
          </summary>
          <dl class="review-tools">
            {tools.map(({ name, description, parameters }, i) => (
              <div key={i}>
                <dt class="mono">
                  {name}({parameters.join(', ')})
                </dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function Message({ message }: { readonly message: ChatMessage }) {
  return (
    <div class={`review-message review-${message.role}`}>
      <span class="muted">{message.role}</span>
      <div class="review-text">{textOf(message)}</div>
    </div>
  );
}

/** Of a list of parts the texts; what has none stands as its JSON. */
function textOf({ content, role: _, ...others }: ChatMessage): string {
  if (typeof content === 'string') return content;
  const parts = (content ?? []).map((part) =>
    typeof part.text === 'string' ? part.text : JSON.stringify(part),
  );
  const more = Object.keys(others).length > 0 ? [JSON.stringify(others, null, 2)] : [];
  return [...parts, ...more].join('\n');
}
