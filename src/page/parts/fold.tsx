// Something that is there and out of the way until it is wanted. Who opens it is told: the address keeps what is open.
import type { ComponentChildren } from '../base/preact.ts';

export function Fold(props: {
  readonly summary: ComponentChildren;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly children: () => ComponentChildren;
}) {
  const { summary, isOpen, toggle, children } = props;
  return (
    <div class="fold">
      <button type="button" class="fold-summary" aria-expanded={isOpen} onClick={toggle}>
        {summary}
      </button>
      {isOpen && <div class="fold-in">{children()}</div>}
    </div>
  );
}
