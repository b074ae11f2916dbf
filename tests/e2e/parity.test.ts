// Validity before numbers: what the arms differ in, and whether each can express what is expected, with the real program.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cli, sample } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';

let folder = '';
beforeEach(async () => {
  folder = tempFolder();
  await sample(folder);
});

function edit(name: string, change: (text: string) => string): void {
  const file = path.join(folder, name);
  const before = readFileSync(file, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

const INTENTS = readFileSync(new URL('../../src/variants/samples/intents.yaml', import.meta.url), 'utf8');
const own = (change: (text: string) => string): void => {
  writeFileSync(path.join(folder, 'intents.yaml'), change(INTENTS));
  edit('experiment.yaml', (text) => text.replace(/expects_tools: \S+/, 'expects_tools: ./intents.yaml'));
};

describe('parity', () => {
  it('proves that both arms of the sample express every scenario and are judged alike', async () => {
    const { code, stdout } = await cli(['parity', '--json'], { cwd: folder });
    const { cells, findings, complete } = JSON.parse(stdout);
    expect([code, complete, cells.length]).toEqual([0, true, 40]);
    expect(new Set(cells.map((cell: { state: string }) => cell.state))).toEqual(new Set(['ok']));
    expect(findings.every((finding: { state: string }) => finding.state === 'note')).toBe(true);
  });

  it('names the arm, the intent and the scenario that cannot be expressed, and exits with 1', async () => {
    own((text) => text.replace('    applike: list_items\n', ''));
    const { code, stdout } = await cli(['parity'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toContain(
      '"expects_tools" does not say what the intent "list" is in the tools of "applike"',
    );
    expect(stdout).toMatch(/scenarios\/sanity\.yaml:\d+ sanity:list-week/);
  });

  it('refuses tools, arguments and values that the schemas do not know', async () => {
    own((text) =>
      text
        .replace('name: create_calendar_event', 'name: create_event')
        .replace('until: "{{until}}"', 'untill: "{{until}}"')
        .replace('recurrence: "{{frequency}}"', 'recurrence: fortnightly'),
    );
    const { code, stdout } = await cli(['parity', '--json'], { cwd: folder });
    const said = JSON.parse(stdout)
      .findings.map((finding: { message: string }) => finding.message)
      .join('\n');
    expect(code).toBe(1);
    expect(said).toContain('names the tool "create_event", which this arm does not have');
    expect(said).toContain('"untill" of schedule_task is not in its schema');
    expect(said).toContain('"recurrence" of schedule_task can never be "fortnightly"');
  });

  it('tells of an arm that is judged more leniently', async () => {
    own((text) => text.replace('        start_time: { time: "{{at.time}}" }\n', ''));
    const { code, stdout } = await cli(['parity'], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('~ create_calendar_event (without at.time)');
    expect(stdout).toContain('"at.time" of the expectation is not checked in this arm');
  });

  it('flags a tool that is named plainly and that one arm lacks', async () => {
    writeFileSync(
      path.join(folder, 'scenarios/plain.yaml'),
      'id: plain\ninput: Hi\nexpect: { tool_calls: [{ name: list_tasks }] }\n',
    );
    const { code, stdout } = await cli(['parity', '--scenario', 'plain'], { cwd: folder });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'applike: the scenario expects the tool "list_tasks", which this arm does not have',
    );
    expect(stdout).toContain('scenarios/plain.yaml:1 plain');
  });
});

describe('differences of the arms', () => {
  const temperature = (text: string): string =>
    text.replace('  applike:\n', '  applike:\n    temperature: 0.7\n');

  it('are warned of by plan where they are not declared, with the place of "varies"', async () => {
    expect((await cli(['plan'], { cwd: folder })).stderr).toBe('');
    edit('experiment.yaml', temperature);
    const { code, stderr } = await cli(['plan'], { cwd: folder });
    expect(code).toBe(0);
    expect(stderr).toMatch(/experiment\.yaml:\d+:1 warning: the variants differ in temperature/);
    expect(stderr).toContain('baseline has 0.2, applike 0.7');
    const doctor = await cli(['doctor', '--json'], { cwd: folder });
    const checks = JSON.parse(doctor.stdout).checks as readonly { name: string; state: string }[];
    expect(checks.find(({ name }) => name === 'arms')?.state).toBe('warning');
  });

  it('are told field by field; --check exits with 1 for those that are not declared', async () => {
    edit('experiment.yaml', temperature);
    const { code, stdout } = await cli(['variants', '--diff', '--check', '--json'], { cwd: folder });
    const [pair] = JSON.parse(stdout).pairs;
    expect(code).toBe(1);
    expect(pair.differences[0]).toEqual({ path: 'temperature', from: 0.2, to: 0.7, declared: false });
    expect(pair.differences.slice(1).every((one: { declared: boolean }) => one.declared)).toBe(true);
    edit('experiment.yaml', (text) => text.replace('varies: [tools]', 'varies: [tools, temperature]'));
    expect((await cli(['variants', '--diff', '--check'], { cwd: folder })).code).toBe(0);
  });

  it('lists the arms', async () => {
    const { stdout } = await cli(['variants', '--json'], { cwd: folder });
    expect(JSON.parse(stdout).variants).toMatchObject([
      { name: 'baseline', kind: 'call', runs: 3, tools: ['schedule_task', 'list_tasks', 'update_task'] },
      { name: 'applike', kind: 'call' },
    ]);
  });

  it('says what is meant where "varies" or an arm is misspelt', async () => {
    own((text) => text.replace('    applike: list_items', '    aplike: list_items'));
    edit('experiment.yaml', (text) => text.replace('varies: [tools]', 'varies: [tool]'));
    const { code, stderr } = await cli(['plan'], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "tools"?');
    expect(stderr).toMatch(/intents\.yaml:\d+:5 error: there is no variant "aplike"/);
    expect(stderr).toContain('did you mean "applike"?');
  });
});
