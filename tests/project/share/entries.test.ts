import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/canonical.ts';
import {
  bundleName,
  entryName,
  linesOfBundle,
  readEntry,
  signatureProblem,
  writeEntry,
} from '../../../src/project/share/entries.ts';

const KEY = 'a key that is long enough';
const ENTRY = {
  v: 1,
  n: 1,
  experiment: 'made',
  prev: null,
  pack: { sha256: sha256('a pack'), bytes: 6 },
  invocations: [{ name: '0001-20260102T030405Z-k3f9m2q7', records: 3, scores: 0 }],
  blobs: [sha256('a blob')],
  at: '2026-01-02T03:04:05.000Z',
  expgraph: '0.1.0',
};
const EXPECTED = { n: 1, experiment: 'made', prev: null };

function why(change: object, expected: Parameters<typeof readEntry>[1] = EXPECTED): string {
  const read = readEntry(JSON.stringify({ ...ENTRY, ...change }), expected);
  return read.kind === 'err' ? read.error : 'taken';
}

describe('an entry of the log of a remote', () => {
  it('is read back as it was written, signed or not', () => {
    for (const key of [null, KEY]) {
      const kept = writeEntry(ENTRY, key);
      expect(readEntry(kept.text, EXPECTED)).toEqual({ kind: 'ok', value: kept });
      expect(signatureProblem(kept.entry, key)).toBeNull();
    }
  });

  it('is named so that names are in the order of numbers, and a hundred of them by the first and the last', () => {
    expect(entryName(7)).toBe('log/000000000007.json');
    expect(bundleName(200)).toBe('log/000000000101-000000000200.json');
    const lines = [1, 2].map((n) => writeEntry({ ...ENTRY, n }, null).text);
    expect(linesOfBundle(lines.join(''))).toEqual(lines);
  });

  it('is refused where it is not what it has to be', () => {
    expect(why({})).toBe('taken');
    expect(why({ v: 2 })).toMatch('of version 2, and this expgraph reads 1: update expgraph');
    expect(why({ n: 2 })).toMatch('has the number 2');
    expect(why({ experiment: 'other' })).toMatch('is of the experiment "other"');
    expect(why({ prev: sha256('x') })).toMatch('does not follow the entry');
    expect(why({}, { ...EXPECTED, prev: sha256('x') })).toMatch('does not follow the entry');
    for (const change of [
      { n: 1.5 },
      { pack: { sha256: '../../etc/passwd', bytes: 1 } },
      { pack: { sha256: sha256('x'), bytes: -1 } },
      { invocations: [{ name: '../../../x', records: 1, scores: 0 }] },
      { invocations: [{ name: ENTRY.invocations[0]!.name, records: '1', scores: 0 }] },
      { invocations: 'all' },
      { blobs: ['x'] },
      { at: 1 },
      { signature: 1 },
    ])
      expect(why(change), JSON.stringify(change)).toBe('is damaged: it is no entry of a log');
    expect(readEntry('{"v":1', EXPECTED)).toEqual({
      kind: 'err',
      error: 'is damaged: it is no entry of a log',
    });
    expect(readEntry('\n<!doctype html>', EXPECTED)).toEqual({
      kind: 'err',
      error:
        'is a web page and no entry of a log: what answers there wants somebody to log in, or is no store of files (npx expgraph doctor)',
    });
  });

  it('is not trusted without the signature of the key, whatever of it was changed', () => {
    const { entry } = writeEntry(ENTRY, KEY);
    expect(signatureProblem(ENTRY, KEY)).toBe('is not signed');
    expect(signatureProblem(entry, `${KEY}!`)).toBe('has a signature that the key does not give');
    for (const change of [
      { n: 2 },
      { prev: sha256('x') },
      { pack: { sha256: sha256('another'), bytes: 6 } },
      { invocations: [] },
      { at: '2026-01-02T03:04:06.000Z' },
      { signature: 'x' },
    ])
      expect(signatureProblem({ ...entry, ...change }, KEY), JSON.stringify(change)).toMatch('does not give');
    // Whoever asks for no signatures takes what is signed.
    expect(signatureProblem(entry, null)).toBeNull();
  });
});
