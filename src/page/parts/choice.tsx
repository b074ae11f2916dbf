// Some of many: a button with the list of boxes behind it, for what would take too much room in a bar.
import { useEffect, useRef } from '../base/preact.ts';
import './choice.css';

export function Choice(props: {
  readonly title: string;
  readonly of: readonly string[];
  readonly chosen: readonly string[];
  readonly choose: (chosen: readonly string[]) => void;
}) {
  const { title, of, chosen, choose } = props;
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const beside = (event: Event): void => {
      if (!details.current?.contains(event.target as Node)) details.current?.removeAttribute('open');
    };
    addEventListener('pointerdown', beside);
    return () => removeEventListener('pointerdown', beside);
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const isOpen = details.current?.open === true;
    const keys = isOpen ? ['Escape', 'ArrowDown', 'ArrowUp'] : ['ArrowDown'];
    if (!keys.includes(event.key)) return;
    // Else the list behind it would move, or be cleared.
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      details.current?.removeAttribute('open');
      details.current?.querySelector('summary')?.focus();
      return;
    }
    details.current?.setAttribute('open', '');
    const boxes = [...(details.current?.querySelectorAll('input') ?? [])];
    const now = boxes.indexOf(document.activeElement as HTMLInputElement);
    boxes.at((now + (event.key === 'ArrowDown' ? 1 : -1)) % boxes.length)?.focus();
  };
  // What an address names and the experiment does not have is shown too: how else is it got rid of?
  const all = [...of, ...chosen.filter((one) => !of.includes(one))];
  return (
    <details ref={details} class="choice" onKeyDown={onKeyDown}>
      <summary class={chosen.length > 0 ? 'btn on' : 'btn'}>
        {title}
        {chosen.length > 0 && <b>{chosen.length === 1 ? chosen[0] : chosen.length}</b>}
      </summary>
      <fieldset>
        <legend class="sr">{title}</legend>
        {all.map((one) => (
          <label key={one}>
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={({ currentTarget: { checked } }) =>
                choose(checked ? [...chosen, one] : chosen.filter((other) => other !== one))
              }
            />
            <span>{one}</span>
          </label>
        ))}
        {chosen.length > 0 && (
          <button type="button" class="btn" onClick={() => choose([])}>
            Any
          </button>
        )}
      </fieldset>
    </details>
  );
}
