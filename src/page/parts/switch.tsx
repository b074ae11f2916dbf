// Something that is on or off, and its key.
export function Switch(props: {
  readonly name: string;
  readonly k: string;
  readonly isOn: boolean;
  readonly toggle: () => void;
}) {
  const { name, k, isOn, toggle } = props;
  return (
    <button
      type="button"
      class={isOn ? 'btn on' : 'btn'}
      aria-keyshortcuts={k}
      aria-pressed={isOn}
      onClick={toggle}
    >
      {name} <kbd>{k}</kbd>
    </button>
  );
}
