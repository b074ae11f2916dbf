// Dark or light: the system's choice until somebody chose, and then theirs on every visit.
import { computed, signal } from './preact.ts';

export type Theme = 'system' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

const KEPT = 'expgraph-theme';

export const theme = signal<Theme>('system');

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);

/** What a canvas has to be drawn in; whoever reads it in a component draws again when it turns. */
export const isDark = computed(() =>
  theme.value === 'system' ? systemIsDark.value : theme.value === 'dark',
);

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  // A file from disk may not keep anything in some browsers: then it holds as long as the page is open.
  try {
    if (chosen === 'system') localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, chosen);
  } catch {}
}

/** Before the first paint. */
export function followTheme(): void {
  system.addEventListener('change', ({ matches }) => {
    systemIsDark.value = matches;
  });
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEPT);
  } catch {}
  if (kept === 'light' || kept === 'dark') chooseTheme(kept);
}

/** A custom property as the colour that it is now, for a canvas. @param name `--arm-1` */
export function colorOf(name: `--${string}`): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
