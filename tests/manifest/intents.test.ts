// `expects_tools`: the nearer word wins, and what is written wrongly is told where it stands.
import { expect, it } from 'vitest';
import { loadManifest } from '../../src/manifest/load.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

async function load(files: { readonly [name: string]: string }) {
  const folder = tempFolder();
  writeFiles(folder, files);
  return loadManifest({ file: `${folder}/experiment.yaml`, env: {} });
}

const MANIFEST = 'version: 1\nname: x\nprovider: sim\nvariants: { a: {}, b: {} }\nscenarios: [s.yaml]\n';

it('joins the mappings of the manifest, of the file and of the scenario, intent by intent', async () => {
  const loaded = await load({
    'experiment.yaml': `${MANIFEST}expects_tools: { one: { '*': m1 }, two: { '*': m2 }, three: { '*': m3 } }\n`,
    's.yaml':
      "defaults: { expects_tools: { two: { '*': f2 }, three: { '*': f3 } } }\nscenarios:\n  - { id: s, input: i, expects_tools: { three: { a: { name: s3, arguments: { x: 1 } } } } }\n  - { id: t, input: i }\n",
  });
  if (loaded.kind === 'err') throw new Error(JSON.stringify(loaded.error));
  const tool = (name: string) => ({ name, arguments: {} });
  const { scenarios, expectsTools, varies } = loaded.value.manifest;
  expect(varies).toBeNull();
  expect(Object.keys(expectsTools)).toEqual(['one', 'two', 'three']);
  expect(scenarios.map((scenario) => scenario.expectsTools)).toEqual([
    {
      one: { '*': tool('m1') },
      two: { '*': tool('f2') },
      three: { a: { name: 's3', arguments: { x: { equals: 1 } } } },
    },
    { one: { '*': tool('m1') }, two: { '*': tool('f2') }, three: { '*': tool('f3') } },
  ]);
});

it('takes a glob that fits no variant for a warning, a name for a mistake', async () => {
  const warned = await load({
    'experiment.yaml': `${MANIFEST}expects_tools: { one: { 'z*': t } }\n`,
    's.yaml': '- { id: s, input: i }\n',
  });
  expect(warned).toMatchObject({ kind: 'ok', value: { warnings: [{ code: 'empty-glob' }] } });
  const refused = await load({
    'experiment.yaml': MANIFEST,
    's.yaml': '- id: s\n  input: i\n  expects_tools: { one: { c: t } }\n',
  });
  expect(refused).toMatchObject({
    error: [{ code: 'unknown-variant', location: { line: 3, column: 27 } }],
  });
});

it('says of no name that there is no such variant where variants themselves are a mistake', async () => {
  const loaded = await load({
    'experiment.yaml': `${MANIFEST.replace('{ a: {}, b: {} }', '[]')}expects_tools: { one: { a: t } }\n`,
    's.yaml': '- { id: s, input: i }\n',
  });
  expect(loaded.kind === 'err' && loaded.error.map(({ message }) => message)).toEqual([
    '"variants" must be a map, not a list',
  ]);
});

it('judges a check without a placeholder at once, and leaves one with a placeholder until it is filled', async () => {
  const refused = await load({
    'experiment.yaml': `${MANIFEST}expects_tools:\n  one:\n    a: { name: t, arguments: { x: { at: never }, y: { at: '{{when}}' }, z: '{{}}' } }\n`,
    's.yaml': '- { id: s, input: i }\n',
  });
  if (refused.kind === 'ok') throw new Error('accepted');
  expect(refused.error.map(({ message, location }) => [message, location?.line])).toEqual([
    ['"at" is a moment such as 2026-02-17T11:00:00Z or 2026-02-17', 8],
    ['this placeholder names no field', 8],
  ]);
});

it('counts the axes of a matrix as declared', async () => {
  const loaded = await load({
    'experiment.yaml': `${MANIFEST.replace('a: {}', 'a: { matrix: { temperature: [0, 1] } }')}varies: [system]\n`,
    's.yaml': '- { id: s, input: i }\n',
  });
  expect(loaded).toMatchObject({
    kind: 'ok',
    value: { warnings: [], manifest: { varies: ['system', 'temperature'] } },
  });
});
