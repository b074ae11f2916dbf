// What an MCP server lists and what known.json keeps of it is anybody's: it is told, set aside and asked anew, and no command is
// ever stopped by it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readKnown } from '../../src/project/open/discovered.ts';
import { ROOT } from '../rig/files.ts';
import { harnessRun } from '../rig/harness.ts';
import { HOSTILE } from '../rig/hostile-json.ts';
import { tempFolder } from '../rig/temp.ts';

const SERVER = path.join(ROOT, 'tests/rig/hostile-mcp.mjs');
const GOOD = '{"name":"good","inputSchema":{"type":"object"}}';
const scenarios = { 'scenarios.yaml': '- { id: one, input: "Remind me to buy milk tomorrow at 5pm." }\n' };

function served(of: { tools: string; only?: string; name?: string }) {
  return harnessRun({
    manifest: [
      'provider: sim\nmax_turns: 2',
      `variants: { served: { mcp: { command: [node, ${SERVER}]${of.only ?? ''}, env: ${JSON.stringify({ HOSTILE_TOOLS: of.tools, HOSTILE_NAME: of.name ?? '"n"' })} } } }`,
    ].join('\n'),
    files: scenarios,
  });
}

/** Those that a key could not be made of. */
const REFUSED = [
  'half a character',
  'a number beyond all numbers',
  'two names that are one in NFC',
  '250 levels',
];
const bad = (what: string): string =>
  `{"name":"bad","inputSchema":{"type":"object","properties":{"x":{"default":${HOSTILE[what]}}}}}`;

describe('the tools of a hostile MCP server', () => {
  it.each(REFUSED)('are refused by name: %s', async (what) => {
    const made = served({ tools: `[${GOOD},${bad(what)}]` });
    const run = await made.run('run');
    expect([run.code, run.stderr]).toEqual([
      2,
      expect.stringMatching(/the tool "bad" of the MCP server node .* has an inputSchema/),
    ]);
  });

  it('that are refused leave every other command well', async () => {
    const made = served({ tools: `[${bad('half a character')}]` });
    expect((await made.run('run')).code).toBe(2);
    for (const command of ['status', 'plan', 'fsck']) {
      const { code, stderr } = await made.run(command);
      expect([command, code !== null && code <= 1, stderr]).toEqual([
        command,
        true,
        expect.not.stringContaining('Error'),
      ]);
    }
  });

  it('harm nobody where the manifest does not offer them', async () => {
    const made = served({ tools: `[${GOOD},${bad('250 levels')}]`, only: ', tools: [good]' });
    const run = await made.run('run', '--json');
    expect([run.code, JSON.parse(run.stdout)]).toMatchObject([0, { executed: 1, failed: 0 }]);
  });

  it('may be called and described oddly', async () => {
    const odd = `{"name":"odd","description":"half \\ud83d","inputSchema":{"type":"object","__proto__":{"a":1},"properties":{"toString":{"type":"string"}}}}`;
    const made = served({ tools: `[${odd}]`, name: '"\\ud83d"' });
    const run = await made.run('run', '--json');
    expect([run.code, JSON.parse(run.stdout)], run.stderr).toMatchObject([0, { executed: 1, failed: 0 }]);
    expect(JSON.parse((await made.run('run', '--json')).stdout)).toMatchObject({ executed: 0, cached: 1 });
  });
});

describe('known.json', () => {
  const seen = (tool: string): string => `{"name":"n","version":"1","tools":[${tool}]}`;
  const tool = (parameters: string): string =>
    `{"name":"good","description":null,"parameters":${parameters},"strict":null}`;
  const key = '0'.repeat(64);

  it.each([
    ['no JSON', '{"mcp":'],
    ['a list', '[]'],
    ['lists without end', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['members of other types', '{"mcp":7,"prepared":["a"]}'],
    ['a digest that is none', `{"prepared":{"${key}":{"toString":1}}}`],
    ['tools of another form', `{"mcp":{"${key}":${seen('{"name":7}')}}}`],
    ['half a character', `{"mcp":{"${key}":${seen(tool('{"d":"\\ud83d"}'))}}}`],
    ['half a character in a name', `{"mcp":{"${key}":${seen('{"name":"\\ud83d","description":null}')}}}`],
    ['a number that JSON has not', `{"mcp":{"${key}":${seen(tool('{"d":1e999}'))}}}`],
    ['two names that are one in NFC', `{"mcp":{"${key}":${seen(tool('{"\u00e9":1,"e\u0301":2}'))}}}`],
    ['250 levels', `{"mcp":{"${key}":${seen(tool(HOSTILE['250 levels']!))}}}`],
  ])('with %s is read as far as it is sound, and the rest is told', (_, text) => {
    const root = tempFolder();
    writeFileSync(path.join(root, 'known.json'), text);
    const read = readKnown(root);
    expect(read).toEqual({
      known: { mcp: {}, prepared: {} },
      problem: expect.stringMatching(/known\.json is damaged: /),
    });
    const good = { mcp: { [key]: JSON.parse(seen(tool('{"type":"object"}'))) }, prepared: { [key]: key } };
    writeFileSync(path.join(root, 'known.json'), JSON.stringify(good));
    expect(readKnown(root)).toEqual({ known: good, problem: null });
  });

  it('that is damaged stops no command: it is told, set aside, and asked anew', async () => {
    const made = served({ tools: `[${GOOD}]` });
    expect((await made.run('run')).code).toBe(0);
    const root = path.join(made.folder, 'artifacts/made');
    const file = path.join(root, 'known.json');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace('"type": "object"', '"type": "object", "d": "\\ud83d"'));
    const status = await made.run('status');
    expect([status.code !== null && status.code <= 1, status.stderr]).toEqual([
      true,
      expect.stringMatching(/known\.json is damaged: .*"npx expgraph run" sets it aside and asks anew/),
    ]);
    expect((await made.run('fsck')).code).toBe(0);
    const again = await made.run('run', '--json');
    expect([again.code, JSON.parse(again.stdout)], again.stderr).toMatchObject([
      0,
      { executed: 0, cached: 1 },
    ]);
    expect(again.stderr).toMatch(/known\.json is damaged: .* it was moved to quarantine\/known\.json/);
    expect(readFileSync(file, 'utf8')).toBe(good);
    expect(readdirSync(path.join(root, 'quarantine'))).toEqual(['known.json']);
    const quiet = await made.run('status');
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
  });
});
