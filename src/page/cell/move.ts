// One draw further: the focus goes there, and with it what is read out.
export const GENERATION = 'generation';

export function moveBy(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(`.${GENERATION}`)];
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const to = at === -1 ? all[0] : all[Math.min(all.length - 1, Math.max(0, at + by))];
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: 'start' });
}
