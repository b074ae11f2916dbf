// Files made to hurt: each gives a clear error in bounded time and memory, and none of them throws.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { experiment, load, loadFolder, makeFolder, manifestOf } from './folder.ts';

async function codes(files: Parameters<typeof load>[0]): Promise<readonly string[]> {
  const { diagnostics } = await load(files);
  return diagnostics.map(({ code }) => code);
}

const manifest = (text: string) => ({ 'experiment.yaml': text });
const scenarios = (text: string | Uint8Array) => ({ ...experiment(''), 's.yaml': text });

function bomb(levels: number): string {
  const lines = ['- { id: a, input: x, vars: &b0 { x: [1, 2, 3] } }'];
  for (let i = 1; i < levels; i++) {
    lines.push(
      `- { id: a${i}, input: x, vars: &b${i} { ${'abcdefghij'
        .split('')
        .map((name) => `${name}: *b${i - 1}`)
        .join(', ')} } }`,
    );
  }
  return lines.join('\n');
}

describe('hostile YAML', () => {
  it('with an alias bomb is refused by what it would expand to', async () => {
    expect(await codes(scenarios(bomb(12)))).toEqual(['alias-bomb']);
  });
  it('with honest aliases is read', async () => {
    const lines = Array.from(
      { length: 500 },
      (_, i) =>
        `- { id: s${i}, input: ${i === 0 ? '&long ' : '*long '}${i === 0 ? '"the same prompt"' : ''} }`,
    );
    const { scenarios: found } = await manifestOf(scenarios(lines.join('\n')));
    expect(found.map(({ input }) => input)).toEqual(Array(500).fill('the same prompt'));
  });
  it('with an alias inside its own anchor is refused', async () => {
    expect(await codes(scenarios('- { id: a, input: x, vars: &v { self: *v } }'))).toEqual(['bad-alias']);
  });
  it('with an alias of nothing is refused', async () => {
    expect(await codes(scenarios('- { id: a, input: *nothing }'))).toContain('bad-alias');
  });
  it.each([
    ['lists', '['.repeat(20_000)],
    ['complex keys', '? '.repeat(2_000)],
    ['maps', '{a: '.repeat(5_000)],
    ['indents', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('nested without end by %s is refused', async (_, text) => {
    const { manifest: loaded, diagnostics } = await load(manifest(text));
    expect(loaded).toBeNull();
    expect(diagnostics.length).toBeGreaterThan(0);
  });
  it('with numbers that JSON cannot hold is refused', async () => {
    expect(
      await codes(scenarios('- { id: a, input: x, vars: { n: .inf, m: .nan, k: 12345678901234567890 } }')),
    ).toEqual(['bad-number', 'bad-number', 'bad-number']);
  });
  it('with half a character is refused', async () => {
    expect(await codes(scenarios('- { id: a, input: "\\ud800" }'))).toEqual(['bad-text']);
  });
  it.each([
    '!!binary aGk=',
    '!!timestamp 2020-01-01',
    '!!set { x, y }',
    '!!omap [x: 1]',
    '!!pairs [x: 1]',
    '!!merge <<',
    '{ !!binary aGk=: 1 }',
    '[{ b: !!binary "aGk=" }]',
  ])('with %s, which JSON has not, is refused with its place', async (written) => {
    const { diagnostics } = await load(
      scenarios(`- { id: a, input: x }\n- id: b\n  input: x\n  vars: { v: ${written} }\n`),
    );
    expect(diagnostics.map(({ code, location }) => [code, location?.line])).toEqual([['bad-tag', 4]]);
    expect(diagnostics[0]?.message).toMatch(/^!!\w+ cannot be used here: values are those of JSON$/);
  });
  it('of an older version, where bare dates are dates, is refused with its place', async () => {
    const { diagnostics } = await load(
      scenarios('%YAML 1.1\n---\n- { id: a, input: x, vars: { on: 2020-01-01 } }\n'),
    );
    expect(diagnostics.map(({ code, location }) => [code, location?.line])).toEqual([['bad-tag', 3]]);
  });
  it('with tags of what JSON has is read', async () => {
    const { scenarios: found } = await manifestOf(
      scenarios(
        '- { id: !!str a, input: ! 12, vars: !!map { v: !!seq [!!int 1, !!float 1.5, !!bool true, !!null null] } }\n',
      ),
    );
    expect(found).toMatchObject([{ id: 'a', input: '12', vars: { v: [1, 1.5, true, null] } }]);
  });
  it('with a tag, a merge key or two documents is refused', async () => {
    expect(await codes(scenarios('- { id: !!js/function "x", input: x }'))).toEqual(['yaml-syntax']);
    expect(await codes(scenarios('- { id: a, input: x, vars: { <<: { b: 1 } } }'))).toEqual(['bad-key']);
    expect(await codes(scenarios('- { id: a, input: x }\n---\n- { id: b, input: x }\n'))).toEqual([
      'yaml-syntax',
    ]);
  });
});

describe('hostile names', () => {
  it('of prototypes are data: nothing is polluted and every name keeps its value', async () => {
    const text =
      '- { id: __proto__, input: x, vars: { __proto__: { polluted: 1 }, constructor: c } }\n- { id: constructor, input: "{{vars.x}}" }\n';
    const loaded = await manifestOf({
      ...scenarios(text),
      'experiment.yaml':
        'version: 1\nname: demo\nscenarios: [s.yaml]\nproviders: { __proto__: { type: sim } }\nvariants:\n  __proto__: { provider: __proto__ }\n  constructor: { provider: sim }\n',
    });
    expect(loaded.scenarios.map(({ id }) => id)).toEqual(['__proto__', 'constructor']);
    expect(Object.keys(loaded.scenarios[0]!.vars)).toEqual(['__proto__', 'constructor']);
    expect(loaded.variants.map(({ name, slug }) => [name, slug])).toEqual([
      ['__proto__', '__proto__'],
      ['constructor', 'constructor'],
    ]);
    expect(Object.keys(loaded.providers)).toEqual(['__proto__', 'sim']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
  it('of prototypes are missed where a template reads them and a scenario has none', async () => {
    expect(await codes(experiment('template: "{{vars.constructor}}"\n'))).toEqual(['no-variable']);
  });
  it.each([
    ['a NUL', 'a\\0b'],
    ['an escape', '\\e[2J'],
    ['a line end', 'a\\nb'],
    ['a mark that turns the text around', 'a\\u202eb'],
    ['half a character', '\\udc00'],
  ])('with %s are refused as ids, variants and providers', async (_, name) => {
    expect((await codes(scenarios(`- { id: "${name}", input: x }`))).length).toBe(1);
    expect((await codes(experiment('', `  "${name}": {}\n`))).length).toBe(1);
    expect((await codes(experiment(`providers: { "${name}": { type: sim } }\n`))).length).toBe(1);
  });
  it('of four kilobytes are refused with their length', async () => {
    const { printed } = await load(scenarios(`- { id: ${'x'.repeat(4096)}, input: x }`));
    expect(printed).toContain('"id" is 4096 characters long; the limit is 200');
    expect(printed.split('\n').every((line) => line.length < 130)).toBe(true);
  });
  it('with slashes, dots, emoji and letters of any script are ids like others', async () => {
    const ids = ['../../etc/passwd', '/', '..', 'a/b', '😀', 'שלום', 'A', 'a'];
    const loaded = await manifestOf(scenarios(JSON.stringify(ids.map((id) => ({ id, input: 'x' })))));
    expect(loaded.scenarios.map(({ id }) => id)).toEqual(ids);
  });
});

describe('hostile files', () => {
  it('that are not UTF-8 are refused with the byte and its offset', async () => {
    const { printed } = await load(scenarios(Buffer.from([0x2d, 0x20, 0x0a, 0xff, 0x41])));
    expect(printed).toContain('s.yaml:2:1 error: s.yaml is not UTF-8: byte 0xff at offset 3');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('version: 1', 'utf16le')]);
    expect((await load({ 'experiment.yaml': utf16 })).printed).toContain('is UTF-16, not UTF-8');
  });
  it('with a NUL byte are refused', async () => {
    expect(await codes(scenarios('- { id: a, input: "x\0" }'))).toEqual(['nul-byte']);
    expect(await codes({ ...experiment(''), 'experiment.yaml': 'version: 1\0' })).toEqual(['nul-byte']);
  });
  it('with a byte order mark are read', async () => {
    expect((await manifestOf(scenarios('\ufeff- { id: a, input: x }'))).scenarios).toHaveLength(1);
  });
  it('larger than the limit are refused unread', async () => {
    expect((await load({ 'experiment.yaml': Buffer.alloc(5_000_001, 'a') })).printed).toContain(
      'is 6 MB large; the limit is 5 MB',
    );
    expect(await codes({ ...experiment('tools: t.yaml\n'), 't.yaml': Buffer.alloc(5_000_001, ' ') })).toEqual(
      ['too-large'],
    );
    expect(await codes(scenarios(Buffer.alloc(8_000_001, '#')))).toEqual(['too-large']);
  });
  it('that are folders, missing or unreadable are told apart', async () => {
    const folder = makeFolder(experiment('system: { file: . }\ntemplate: { file: gone.md }\n'));
    const { diagnostics } = await loadFolder(folder);
    expect(diagnostics.map(({ code }) => code)).toEqual(['not-a-file', 'not-found']);
    expect((await loadFolder(path.join(folder, 'gone'))).diagnostics.map(({ code }) => code)).toEqual([
      'not-found',
    ]);
  });
  it.skipIf(process.getuid?.() === 0)(
    'without permission are refused (root may read everything)',
    async () => {
      const folder = makeFolder(experiment(''));
      chmodSync(path.join(folder, 's.yaml'), 0);
      expect((await loadFolder(folder)).diagnostics.map(({ code }) => code)).toEqual(['unreadable']);
    },
  );
  it('that are empty, or hold something else, say what is expected', async () => {
    expect((await load(manifest(''))).printed).toContain('the manifest is empty');
    expect((await load(manifest('- a\n'))).printed).toContain('a manifest is a map');
    expect(await codes(scenarios('just text'))).toEqual(['wrong-type']);
    expect(await codes(scenarios(''))).toEqual(['empty-file']);
    expect(await codes(scenarios('[]'))).toEqual(['no-scenarios']);
  });
});

describe('links', () => {
  const globs = (pattern: string) =>
    manifest(`version: 1\nname: demo\nprovider: sim\nscenarios: ["${pattern}"]\nvariants: { one: {} }\n`);
  it.each(['scenarios/**/*.yaml', 'scenarios/{**/,}*.yaml'])(
    'in a circle do not hang the glob %s',
    async (pattern) => {
      const folder = makeFolder({ ...globs(pattern), 'scenarios/a.yaml': '- { id: a, input: x }' });
      symlinkSync('..', path.join(folder, 'scenarios/up'));
      symlinkSync('.', path.join(folder, 'scenarios/self'));
      expect((await loadFolder(folder)).manifest?.scenarios.map(({ id }) => id)).toEqual(['a']);
    },
  );
  it('of files that point at each other are refused', async () => {
    const folder = makeFolder({ ...globs('scenarios/*.yaml'), 'scenarios/a.yaml': '- { id: a, input: x }' });
    symlinkSync('c.yaml', path.join(folder, 'scenarios/b.yaml'));
    symlinkSync('b.yaml', path.join(folder, 'scenarios/c.yaml'));
    expect((await loadFolder(folder)).diagnostics.map(({ code }) => code)).toEqual([
      'link-loop',
      'link-loop',
    ]);
  });
  it('that lead out of the folder are refused: a file of yours is not sent to a model unseen', async () => {
    const folder = makeFolder({
      'private.yaml': '- { id: a, input: secret }',
      'exp/experiment.yaml': globs('scenarios/*.yaml')['experiment.yaml'],
    });
    mkdirSync(path.join(folder, 'exp/scenarios'));
    symlinkSync('../../private.yaml', path.join(folder, 'exp/scenarios/a.yaml'));
    expect((await loadFolder(path.join(folder, 'exp'))).diagnostics.map(({ code }) => code)).toEqual([
      'link-leaves',
    ]);
  });
  it('inside the folder are followed, and so is a folder that is reached by a link', async () => {
    const folder = makeFolder({
      'real/experiment.yaml': globs('scenarios/*.yaml')['experiment.yaml'],
      'real/shared/a.yaml': '- { id: a, input: x }',
    });
    mkdirSync(path.join(folder, 'real/scenarios'));
    symlinkSync('../shared/a.yaml', path.join(folder, 'real/scenarios/a.yaml'));
    symlinkSync('real', path.join(folder, 'linked'));
    expect((await loadFolder(path.join(folder, 'linked'))).manifest?.scenarios).toHaveLength(1);
  });
  it('may be left behind by patterns that name another folder openly', async () => {
    const folder = makeFolder({
      'shared/a.yaml': '- { id: a, input: x }',
      'exp/experiment.yaml': globs('../shared/*.yaml')['experiment.yaml'],
    });
    expect((await loadFolder(path.join(folder, 'exp'))).manifest?.scenarios).toHaveLength(1);
  });
  it('and patterns with a storm of wildcards are refused', async () => {
    expect(await codes(globs(`${'*a'.repeat(40)}.yaml`))).toContain('empty-glob');
  });
});

describe('hostile JSON', () => {
  it('nested without end is refused in JSON and in JSONL', async () => {
    const deep = `{"id":"a","input":"x","vars":{"v":${'['.repeat(5000)}${']'.repeat(5000)}}}`;
    for (const name of ['s.json', 's.jsonl']) {
      const folder = makeFolder({
        'experiment.yaml': experiment('')['experiment.yaml']!.toString().replace('s.yaml', name),
      });
      writeFileSync(path.join(folder, name), deep);
      expect((await loadFolder(folder)).diagnostics.map(({ code }) => code)).toEqual(['too-deep']);
    }
  });
  it('with a line that never ends is no JSONL', async () => {
    const folder = makeFolder({
      'experiment.yaml': experiment('')['experiment.yaml']!.toString().replace('s.yaml', 's.jsonl'),
    });
    writeFileSync(path.join(folder, 's.jsonl'), Buffer.alloc(15_000_000, 'a'));
    expect((await loadFolder(folder)).diagnostics.map(({ code }) => code)).toEqual(['too-large']);
  });
});
