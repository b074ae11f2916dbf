// What no source of the page may do, and what its colours must keep.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../../src/page');

describe('sources of the page', () => {
  const files = globSync('**/*.{ts,tsx}', { cwd: root });

  test('texts of models become text nodes: nothing parses HTML, and nothing runs a text', () => {
    expect(files.length).toBeGreaterThan(30);
    const forbidden =
      /innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|srcdoc|\beval\(|new Function/;
    expect(files.filter((file) => forbidden.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
  });

  test('no style sheet asks for anything from elsewhere', () => {
    const sheets = globSync('**/*.css', { cwd: root });
    const asks = /url\(|@import\s+["'](?!\.)/;
    expect(sheets.filter((file) => asks.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
  });
});

describe('colours', () => {
  const tokens = new Map(
    [
      ...readFileSync(path.join(root, 'tokens.css'), 'utf8').matchAll(
        /(--[\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g,
      ),
    ].map(([, name, light, dark]) => [name!, [light!, dark!] as const]),
  );
  const surfaces = ['--bg', '--surface', '--raised', '--sunken', '--hover', '--selected'];
  const meanings = ['--ok', '--bad', '--warn', '--info', '--odd'];

  test.each([
    ['light', 0],
    ['dark', 1],
  ] as const)(
    '%s: texts stand out from what they are written on (WCAG 2.2, 4.5:1), edges and arms from it (3:1)',
    (_, at) => {
      const colour = (name: string): string => tokens.get(name)![at];
      const pairs: readonly (readonly [string, string, number])[] = [
        ...['--text', '--muted', '--accent', ...meanings].flatMap((text) =>
          surfaces.map((surface) => [text, surface, 4.5] as const),
        ),
        ...meanings.flatMap((text) =>
          [text, '--text', '--muted'].map((over) => [over, `${text}-soft`, 4.5] as const),
        ),
        ...['--text', '--ok'].flatMap((text) =>
          ['--added-soft', '--added-strong'].map((over) => [text, over, 4.5] as const),
        ),
        ...['--text', '--bad'].flatMap((text) =>
          ['--removed-soft', '--removed-strong'].map((over) => [text, over, 4.5] as const),
        ),
        ['--on-accent', '--accent', 4.5],
        ['--accent', '--accent-soft', 4.5],
        ...['--line-strong', '--arm-1', '--arm-2', '--arm-3', '--arm-4', '--arm-5', '--arm-6'].flatMap(
          (line) => ['--bg', '--surface'].map((surface) => [line, surface, 3] as const),
        ),
      ];
      const weak = pairs.filter(([front, back, least]) => contrast(colour(front), colour(back)) < least);
      expect(weak).toEqual([]);
    },
  );
});

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, "relative luminance" of #rrggbb. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const part = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
