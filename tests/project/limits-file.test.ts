// The file of what accounts turned out to allow is anybody's: what cannot be used is as if it had not been kept.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KeptAccount, keepLimits, keptOf, readLimits } from '../../src/project/open/limits-file.ts';
import { tempFolder } from '../rig/temp.ts';

const kept = (more: Partial<KeptAccount> = {}): KeptAccount => ({
  account: 'a'.repeat(64),
  lane: 'openai',
  requests_per_s: 18.7,
  burst: 2,
  concurrency: null,
  found_at: '2026-01-02T03:04:05.000Z',
  found_in: '0007-20260102T030405Z',
  ...more,
});

function withText(text: string): string {
  const root = tempFolder();
  writeFileSync(path.join(root, 'limits.json'), text);
  return root;
}

const fileOf = (...accounts: readonly unknown[]): string => JSON.stringify({ v: 1, accounts });

describe('limits.json', () => {
  it('holds what was found of each account, the newest first', () => {
    const root = path.join(tempFolder(), 'artifacts');
    keepLimits(root, [kept()]);
    keepLimits(root, [kept({ account: 'b'.repeat(64), lane: 'other' })]);
    keepLimits(root, [kept({ burst: 3 })]);
    expect(readLimits(root)).toEqual([kept({ burst: 3 }), kept({ account: 'b'.repeat(64), lane: 'other' })]);
    expect(keptOf(readLimits(root), 'a'.repeat(64))?.burst).toBe(3);
    expect(keptOf(readLimits(root), 'c'.repeat(64))).toBeNull();
    expect(statSync(path.join(root, 'limits.json')).mode & 0o777).toBe(0o600);
  });

  it('does not grow without end', () => {
    const root = tempFolder();
    for (let i = 0; i < 70; i++) keepLimits(root, [kept({ account: String(i).padStart(64, '0') })]);
    const all = readLimits(root);
    expect(all).toHaveLength(64);
    expect(all[0]!.account).toBe('69'.padStart(64, '0'));
  });

  it.each([
    ['no JSON', '{"v":1,"accounts":['],
    ['of a version to come', JSON.stringify({ v: 2, accounts: [kept()] })],
    ['of no version', JSON.stringify({ accounts: [kept()] })],
    ['a list', JSON.stringify([kept()])],
    ['half a character', fileOf({ ...kept(), lane: '\ud83d' })],
    ['a rate below zero', fileOf({ ...kept(), requests_per_s: -1 })],
    ['a rate without end', fileOf(kept()).replace('18.7', '1e999')],
    ['a burst that is text', fileOf({ ...kept(), burst: '2' })],
    ['a burst that is left out', fileOf({ ...kept(), burst: undefined })],
    ['a time that is none', fileOf({ ...kept(), found_at: 'yesterday' })],
    ['an invocation that is a path', fileOf({ ...kept(), found_in: '../../0001' })],
    ['an account that is none', fileOf({ ...kept(), account: '__proto__' })],
    ['a name of a megabyte', fileOf({ ...kept(), lane: 'x'.repeat(1_000_000) })],
    ['20,000 levels', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ])('says nothing where it is %s, and is written anew', (_, text) => {
    const root = withText(text);
    expect(readLimits(root)).toEqual([]);
    keepLimits(root, [kept()]);
    expect(readLimits(root)).toEqual([kept()]);
  });

  it('loses one odd entry, and not those beside it', () => {
    const root = withText(fileOf(null, { ...kept(), burst: 0 }, kept(), 'x'));
    expect(readLimits(root)).toEqual([kept()]);
  });

  it('is not waited for where a pipe has its name, nor followed where it is a link', () => {
    const root = tempFolder();
    execFileSync('mkfifo', [path.join(root, 'limits.json')]);
    expect(readLimits(root)).toEqual([]);
    const linked = tempFolder();
    const elsewhere = path.join(linked, 'elsewhere');
    writeFileSync(elsewhere, fileOf(kept()));
    symlinkSync(elsewhere, path.join(linked, 'limits.json'));
    expect(readLimits(linked)).toEqual([]);
    keepLimits(linked, [kept({ burst: 9 })]);
    expect(readFileSync(elsewhere, 'utf8')).toBe(fileOf(kept()));
  });

  it('is nothing where a folder has its name, and whoever writes is told', () => {
    const root = tempFolder();
    mkdirSync(path.join(root, 'limits.json', 'x'), { recursive: true });
    expect(readLimits(root)).toEqual([]);
    expect(() => keepLimits(root, [kept()])).toThrow(/limits\.json/);
  });
});
