// Puts the focus on an element of a screen that is only about to be shown.

/** A screen that has to be loaded first takes some frames; whoever waits longer has clicked elsewhere. */
const MAX_FRAMES = 120;

export function focusLater(id: string, frames = MAX_FRAMES): void {
  requestAnimationFrame(() => {
    const found = document.getElementById(id);
    if (found !== null) found.focus();
    else if (frames > 0) focusLater(id, frames - 1);
  });
}
