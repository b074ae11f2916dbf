// How draws are looked at: out of the address, and of what this browser had last. And the keys that change it.
import type { KeyBinding } from '../base/keys.ts';
import type { DrawLook, DrawSection } from './draw-look.ts';
import { type LookState, toggled } from './look-address.ts';
import { keepMarkdown, keptMarkdown } from './markdown-kept.ts';

export type ReadingLook = DrawLook & { readonly toggleMarkdown: () => void; readonly toggleRaw: () => void };

export function lookOf(
  state: LookState,
  {
    change,
    hasHistory,
  }: { readonly change: (part: Partial<LookState>) => void; readonly hasHistory: boolean },
): ReadingLook {
  const markdown = state.markdown ?? keptMarkdown();
  return {
    markdown,
    marksAll: state.marksAll,
    onMarkAll: () => change({ marksAll: true }),
    raw: state.raw,
    isOpen: (section) => state.open.has(section),
    toggle: (section) => change({ open: toggled(state.open, section) }),
    hasHistory,
    toggleMarkdown: () => {
      keepMarkdown(!markdown);
      change({ markdown: !markdown });
    },
    toggleRaw: () => change({ raw: !state.raw }),
  };
}

export function lookKeys(now: () => ReadingLook): readonly KeyBinding[] {
  const section = (name: DrawSection) => () => now().toggle(name);
  return [
    { key: 't', does: 'conversations', run: section('turns') },
    { key: 'i', does: 'attempts, models, records', run: section('more') },
    { key: 'm', does: 'Markdown as it looks, or as it was written', run: () => now().toggleMarkdown() },
    { key: 'r', does: 'raw data', run: () => now().toggleRaw() },
  ];
}
