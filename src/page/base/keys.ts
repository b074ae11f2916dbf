// Keys: each screen says which it has while it is shown, with words for the help that `?` opens.
export type KeyBinding = { readonly key: string; readonly does: string; readonly run: () => void };

const active = new Set<readonly KeyBinding[]>();

/** @returns what takes them away again */
export function bindKeys(bindings: readonly KeyBinding[]): () => void {
  active.add(bindings);
  return () => active.delete(bindings);
}

export function boundKeys(): readonly KeyBinding[] {
  return [...active].flat();
}

/** Who types into a field types; who holds Ctrl, Alt or Meta means the browser. */
export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target as HTMLElement | null;
    if (target?.closest('input, textarea, select, [contenteditable]') && event.key !== 'Escape') return;
    const found = [...active]
      .toReversed()
      .flatMap((bindings) => bindings.filter(({ key }) => key === event.key))[0];
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  });
}
