// How draws are looked at here: out of the address, and of what this browser had last.
import type { DrawLook } from '../parts/draw-look.ts';
import { keepMarkdown, keptMarkdown } from '../parts/markdown-kept.ts';
import type { ReadingState } from './address.ts';
import { change, toggleSection } from './moves.ts';

export type ReadingLook = DrawLook & { readonly toggleMarkdown: () => void };

export function useLook(state: ReadingState, query: URLSearchParams): ReadingLook {
  const markdown = state.markdown ?? keptMarkdown();
  return {
    markdown,
    marksAll: state.marksAll,
    onMarkAll: () => change(query, { marksAll: true }),
    raw: state.raw,
    isOpen: (section) => state.open.has(section),
    toggle: (section) => toggleSection(query, state, section),
    hasHistory: true,
    toggleMarkdown: () => {
      keepMarkdown(!markdown);
      change(query, { markdown: !markdown });
    },
  };
}
