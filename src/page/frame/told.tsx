// Lines that the page says by itself: shown for a moment, and read out.
import { announced, said, unsay } from '../base/say.ts';

export function Told() {
  return (
    <>
      <div class="told" role="status" aria-live="polite">
        {said.value.map(({ id, text, isBad }) => (
          <p key={id} class={isBad ? 'told-bad' : undefined}>
            {text}
            <button type="button" class="btn" aria-label="Dismiss" onClick={() => unsay(id)}>
              ×
            </button>
          </p>
        ))}
      </div>
      <p class="sr" aria-live="polite">
        {announced.value}
      </p>
    </>
  );
}
