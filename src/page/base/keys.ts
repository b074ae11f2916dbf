// Keys: each screen says which it has while it is shown, with words for the help that `?` opens.
export type KeyBinding = { readonly key: string; readonly does: string; readonly run: () => void };

export type KeyGroup = {
  /** null = of the screen that is shown. */
  readonly title: string | null;
  readonly bindings: readonly KeyBinding[];
  /** What else there is to know, in the help below the keys. */
  readonly note: string | null;
};

const active = new Set<KeyGroup>();

/** @param words for the help, where the title is not the screen's own. @returns what takes them away again */
export function bindKeys(
  bindings: readonly KeyBinding[],
  { title = null, note = null }: Partial<Pick<KeyGroup, 'title' | 'note'>> = {},
): () => void {
  const group = { title, bindings, note };
  active.add(group);
  return () => active.delete(group);
}

export function boundKeys(): readonly KeyGroup[] {
  return [...active];
}

/** Who types into a field types; who holds Ctrl, Alt or Meta means the browser; Enter on a button or a link is its own. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    // An input method composes: its Enter and Escape end a word.
    if (event.isComposing) return;
    const target = event.target as HTMLElement | null;
    // A dialog that is open has the keys to itself.
    if (document.querySelector('dialog[open]') !== null) return;
    // Escape leaves a field; of a list that is open it closes that.
    if (typesInto(target) && (event.key !== 'Escape' || target?.closest('select'))) return;
    if (target?.closest('a, button, summary') && (event.key === 'Enter' || event.key === ' ')) return;
    const found = [...active]
      .toReversed()
      .flatMap(({ bindings }) => bindings.filter(({ key }) => key === event.key))[0];
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  });
}

/** A box that is ticked is no text: j and k go on working after it. */
function typesInto(target: HTMLElement | null): boolean {
  return target?.closest('input:not([type="checkbox"]), textarea, select, [contenteditable]') != null;
}
