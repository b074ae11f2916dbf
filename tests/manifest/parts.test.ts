// The small parts of the room, each held against what it stands in for.
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordCheckSource, reviewCheckSource, validatorsSource } from '../../scripts/generate-validators.ts';
import { findInJson, scanJson } from '../../src/core/json-scan.ts';
import { nearest } from '../../src/core/nearest.ts';
import { findMatches } from '../../src/manifest/documents/files.ts';
import { listByEnding, plainPattern } from '../../src/manifest/documents/listing.ts';
import { decode } from '../../src/manifest/documents/read.ts';
import { codePoints } from '../../src/manifest/errors/code-points.ts';
import { often } from '../rig/often.ts';
import { makeFolder } from './folder.ts';

describe('the validators', () => {
  it('are what the schemas generate', () => {
    const checkedIn = readFileSync(
      new URL('../../src/manifest/generated/validators.ts', import.meta.url),
      'utf8',
    );
    expect(checkedIn === validatorsSource()).toBe(true);
    const records = new URL('../../src/exchange/generated/record-check.ts', import.meta.url);
    expect(readFileSync(records, 'utf8') === recordCheckSource()).toBe(true);
    const reviews = new URL('../../src/review/generated/review-check.ts', import.meta.url);
    expect(readFileSync(reviews, 'utf8') === reviewCheckSource()).toBe(true);
  });
  it('count text in code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(codePoints(text)).toBe([...text].length);
      }),
    );
  });
});

describe('the JSON scanner', () => {
  it('accepts what JSON.parse accepts, and nothing else', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\u00e9\\n"',
      '"\\x"',
      '1',
      '-0',
      '01',
      '1e5',
      '.5',
      'true',
      'nul',
      ' ',
      '\n',
      '"',
      '\t',
    );
    const broken = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const spoiled = fc
      .tuple(fc.json(), fc.nat(), piece)
      .map(
        ([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice(at % (text.length + 1)),
      );
    fc.assert(
      fc.property(fc.oneof(fc.json(), broken, spoiled), (text) => {
        const scanned = scanJson(text, { keepDepth: 3 });
        // Twins, and numbers that would be kept as other numbers, are what it is stricter about.
        if (scanned.kind === 'err' && ['duplicate-key', 'bad-number'].includes(scanned.error.code)) return;
        expect(scanned.kind === 'ok').toBe(parses(text));
      }),
      often(2000),
    );
  });
  it('finds the text of every value by its path', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.boolean()), { minKeys: 1 }),
          { minLength: 1 },
        ),
        (data) => {
          const text = JSON.stringify({ data }, null, 1);
          const scanned = scanJson(text, { keepDepth: 1 });
          if (scanned.kind === 'err') throw new Error(scanned.error.message);
          for (const [index, object] of data.entries()) {
            for (const [name, value] of Object.entries(object)) {
              const place = { root: scanned.value, path: ['data', index, name] };
              const found = findInJson(text, { ...place, part: 'value' });
              expect(JSON.parse(text.slice(found.offset, found.offset + found.length))).toEqual(value);
              const key = findInJson(text, { ...place, part: 'key' });
              expect(JSON.parse(text.slice(key.offset, key.offset + key.length))).toBe(name);
            }
          }
        },
      ),
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What the library finds: an exclusion, of anything, keeps the plain listing out of the way. */
async function matcher(at: { folder: string; pattern: string }): Promise<readonly string[]> {
  const matches = await findMatches({ folder: at.folder, patterns: [at.pattern, '!nothing-of-this-name'] });
  return matches.flatMap(({ paths }) => paths);
}

describe('the plain listing', () => {
  it.each([
    'scenarios/**/*.yaml',
    'scenarios/*.yaml',
    '**/*.yaml',
    '*.yaml',
    'scenarios/deep/**/*.v1.yaml',
    'nowhere/*.yaml',
  ])('finds what tinyglobby finds for %s', async (pattern) => {
    const names = [
      'a.yaml',
      'scenarios/b.yaml',
      'scenarios/.c.yaml',
      'scenarios/.d/e.yaml',
      'scenarios/deep/f.yaml',
      'scenarios/deep/er/g.v1.yaml',
      'scenarios/h.yml',
      'artifacts/i.yaml',
      'node_modules/j.yaml',
      'scenarios/node_modules/k.yaml',
      'x/artifacts/l.yaml',
      'm.yaml/n.yaml',
    ];
    const folder = makeFolder(Object.fromEntries(names.map((name) => [name, 'x'])));
    symlinkSync('..', path.join(folder, 'scenarios/loop'));
    symlinkSync('../a.yaml', path.join(folder, 'scenarios/link.yaml'));
    mkdirSync(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'README'), '');
    const found = await matcher({ folder, pattern });
    expect(listByEnding(plainPattern(pattern)!, folder)).toEqual(found);
  });
  it.each([
    'a.yaml',
    'a/b?.yaml',
    '{a,b}/*.yaml',
    '../*.yaml',
    '/abs/*.yaml',
    'a/**/b/*.yaml',
    'a/*',
    '!a/*.yaml',
    'artifacts/*.yaml',
    'a/node_modules/*.yaml',
  ])('leaves %s to a matcher', (pattern) => expect(plainPattern(pattern)).toBeNull());
});

describe('the nearest name', () => {
  it.each([
    ['temprature', 'temperature'],
    ['maxTurns', 'max_turns'],
    ['max-turns', 'max_turns'],
    ['systme', 'system'],
    ['tool', 'tools'],
    ['Model', 'model'],
  ])('of %s is %s', (name, meant) =>
    expect(nearest(name, ['model', 'temperature', 'max_turns', 'system', 'tools'])).toBe(meant),
  );
  it('is none where nothing is near', () => {
    expect(nearest('colour', ['model', 'tools'])).toBeNull();
    expect(nearest('x'.repeat(1e6), ['model'])).toBeNull();
  });
});

describe('bytes that are no UTF-8', () => {
  it('are found where they stand', () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 40 })
      .map((value) => Buffer.from(value.toWellFormed().replaceAll('\0', '')));
    const bad = fc.constantFrom([0xff], [0x80], [0xc0, 0x41], [0xed, 0xa0, 0x80], [0xe2, 0x28], [0xf5]);
    fc.assert(
      fc.property(text, bad, text, (before, bytes, after) => {
        const result = decode({ file: 'f', bytes: Buffer.concat([before, Buffer.from(bytes), after]) });
        expect(result.kind === 'err' && result.error.message).toContain(`at offset ${before.length}`);
      }),
    );
  });
});
