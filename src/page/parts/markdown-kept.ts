// Whether Markdown is shown as it was meant to look: as this browser had it last. An address that says otherwise wins.
const KEPT = 'expgraph-markdown';

export function keptMarkdown(): boolean {
  try {
    return localStorage.getItem(KEPT) !== 'off';
  } catch {
    // A file from disk, or a browser that keeps nothing.
    return true;
  }
}

export function keepMarkdown(isOn: boolean): void {
  try {
    localStorage.setItem(KEPT, isOn ? 'on' : 'off');
  } catch {
    // It is in the address as well.
  }
}
