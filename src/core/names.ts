// Names cut to a width so that different names stay different: of names that are alike, what tells them apart is kept.
import { cutText, displayWidth } from './text.ts';

/**
 * Each name with its form of at most `width` columns (down to 8). A name that fits is itself; others are cut in the
 * middle. Where that makes two equal, names of one pattern, as a matrix gives them, lose what they have in common:
 * `applike[…sim-small,…`. What would be equal even so is numbered: `appl…0.7]~2`.
 */
export function fitNames(names: Iterable<string>, width: number): ReadonlyMap<string, string> {
  const fitted = new Map<string, string>();
  const long: string[] = [];
  for (const name of new Set(names)) {
    if (displayWidth(name) <= width) fitted.set(name, name);
    else long.push(name);
  }
  const used = new Set(fitted.values());
  const next = new Map<string, number>();
  for (const group of byPattern(long)) {
    const texts = cutGroup(group, width);
    group.forEach((name, i) => {
      const own = unused(texts[i]!, { used, next, width });
      used.add(own);
      fitted.set(name, own);
    });
  }
  return fitted;
}

/** In the middle where that is enough: both ends tell most names apart. */
function cutGroup(names: readonly string[], width: number): readonly string[] {
  const cut = (text: string): string => cutText(text, { width, from: 'middle' });
  const plain = names.map(cut);
  if (new Set(plain).size === names.length) return plain;
  return withoutCommon(names, width).map((words) => cut(words.join('')));
}

/** A word with the marks behind it: `applike[`, `model=`, `sim-small,`, `temperature=`, `0]`. */
function wordsOf(name: string): readonly string[] {
  return name.match(/[^[\],=/ ]*[[\],=/ ]+|[^[\],=/ ]+/g) ?? [];
}

/** Names of equally many words are of one pattern. */
function byPattern(names: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<number, string[]>();
  for (const name of names) {
    const count = wordsOf(name).length;
    const group = groups.get(count);
    if (group) group.push(name);
    else groups.set(count, [name]);
  }
  return [...groups.values()];
}

/** Words in which the names differ, and of the others as many as there is room for, the first before the last. */
function withoutCommon(names: readonly string[], width: number): readonly (readonly string[])[] {
  const words = names.map(wordsOf);
  const first = words[0]!;
  const places = [...first.keys()];
  const kept = new Set(places.filter((i) => words.some((own) => own[i] !== first[i])));
  for (const i of places) {
    if (kept.has(i)) continue;
    kept.add(i);
    if (words.some((own) => displayWidth(shown(own, kept).join('')) > width)) kept.delete(i);
  }
  return words.map((own) => shown(own, kept));
}

function shown(words: readonly string[], kept: ReadonlySet<number>): readonly string[] {
  return words.flatMap((word, i) => {
    if (kept.has(i)) return [word];
    // Several left out in a row are one gap.
    return i > 0 && !kept.has(i - 1) ? [] : ['…'];
  });
}

/** The text, or else the text with the first number that is free; `next`: where the search for it goes on. */
function unused(
  text: string,
  input: { readonly used: ReadonlySet<string>; readonly next: Map<string, number>; readonly width: number },
): string {
  let own = text;
  let n = input.next.get(text) ?? 2;
  for (; input.used.has(own); n++) {
    const mark = `~${n}`;
    own = `${cutText(text, { width: Math.max(1, input.width - mark.length), from: 'middle' })}${mark}`;
  }
  input.next.set(text, n);
  return own;
}
