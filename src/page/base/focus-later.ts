// Puts the focus on an element of a screen that is only about to be shown.

/** A screen that has to be loaded first takes some frames; whoever waits longer has clicked elsewhere. */
const MAX_FRAMES = 120;

let awaited: string | null = null;

export function focusLater(id: string): void {
  awaited = id;
  look(id, MAX_FRAMES);
}

/** Somebody has said where the focus goes on the next screen: it is not to be put elsewhere. */
export function isFocusAwaited(): boolean {
  return awaited !== null;
}

function look(id: string, frames: number): void {
  requestAnimationFrame(() => {
    if (awaited !== id) return;
    const found = document.getElementById(id);
    if (found === null && frames > 0) {
      look(id, frames - 1);
      return;
    }
    awaited = null;
    found?.focus();
  });
}
