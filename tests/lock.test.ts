// What package-lock.json says of what users get.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './rig/files.ts';

type Entry = { readonly dev?: true; readonly devOptional?: true; readonly hasInstallScript?: true };

const read = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
const { packages } = read('package-lock.json') as { readonly packages: { readonly [at: string]: Entry } };
const shipped = Object.entries(packages).filter(([at, one]) => at !== '' && !one.dev && !one.devOptional);

it('no package that is installed with expgraph runs anything when it is', () => {
  expect(shipped.map(([at]) => at)).toEqual(
    expect.arrayContaining(['node_modules/langsmith', 'node_modules/openai']),
  );
  expect(shipped.length).toBeLessThanOrEqual(60);
  expect(shipped.filter(([, one]) => one.hasInstallScript)).toEqual([]);
});

it('packages that a project brings itself are optional, and are those that the tests run with', () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = read('package.json') as {
    readonly [list: string]: { readonly [name: string]: unknown };
  };
  const names = Object.keys(peerDependencies!);
  expect(peerDependenciesMeta).toEqual(Object.fromEntries(names.map((name) => [name, { optional: true }])));
  const major = (range: unknown): string | undefined => /^\^(\d+)\./.exec(String(range))?.[1];
  expect(names.map((name) => [name, major(devDependencies![name])])).toEqual(
    names.map((name) => [name, major(peerDependencies![name])]),
  );
});
