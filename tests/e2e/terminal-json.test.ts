// JSON that a terminal may show: answers, names and errors with control characters and marks of direction in them.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, writeFiles } from '../rig/files.ts';
import { program } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

const ODD = 'a\u009b31mb\u202ec\u2066d\u007f\u0090e\u200ff\ufeff';
const UNSAFE = /[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

it('every command writes JSON that is fit for a terminal and parses to what was said', async () => {
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml':
      'version: 1\nname: made\nscenarios: [s.jsonl]\nvariants: { mine: { use: ./mine.mjs }, bad: { use: ./bad.mjs } }\nscorers: [{ name: same, use: ./same.mjs }]\nexecution: { retries: 0 }\n',
    's.jsonl': `${JSON.stringify({ id: 'a', input: ODD, category: 'x' })}\n`,
    'mine.mjs': `export default { run: () => ${JSON.stringify(ODD)} };`,
    'bad.mjs': `export default { run: () => { throw new Error(${JSON.stringify(ODD)}); } };`,
    'same.mjs': `export default { score: () => ({ score: 1, reason: ${JSON.stringify(ODD)} }) };`,
  });
  const outputs = new Map<string, string>();
  for (const args of [
    ['run', '--json', '--events', 'events.jsonl'],
    ['run', '--json', '--force'],
    ['show', '--json', 'mine/a/1'],
    ['show', '--json', 'bad/a/1'],
    ['history', '--json'],
    ['status', '--json'],
    ['plan', '--json'],
    ['score', '--json', '--force'],
    ['diff', '--json', '1', '2'],
    ['export', '--format', 'jsonl', '-o', '-'],
    ['fsck', '--json'],
  ]) {
    outputs.set(args.join(' '), (await program(args, { cwd })).stdout);
  }
  outputs.set('events', readFileSync(path.join(cwd, 'events.jsonl'), 'utf8'));
  for (const [what, text] of outputs) {
    expect([what, UNSAFE.exec(text)?.[0] ?? null]).toEqual([what, null]);
    for (const line of text.trimEnd().split('\n'))
      expect([what, typeof JSON.parse(line)]).toEqual([what, 'object']);
  }
  expect(JSON.parse(outputs.get('show --json mine/a/1')!).output.text).toBe(ODD);
  expect(outputs.get('show --json bad/a/1')).toContain('\\u009b31m');
});

it('no command writes JSON in a way of its own', () => {
  const cli = path.join(ROOT, 'src/cli');
  const own = readdirSync(cli, { recursive: true, encoding: 'utf8' }).filter(
    (name) =>
      name.endsWith('.ts') &&
      // Onto stdout or stderr; what goes to a file has its own rules.
      /\b(?:out|err)\.write\(\s*(?:`\$\{)?JSON\.stringify/.test(readFileSync(path.join(cli, name), 'utf8')),
  );
  expect(own).toEqual([]);
});
