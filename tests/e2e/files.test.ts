// Every file that a run leaves says what its schema says.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { cli, ranSample, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, ROOT } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

function validator(name: string): (data: unknown) => readonly string[] {
  const ajv = new Ajv({ allErrors: true, strict: false, formats: { 'date-time': DATE_TIME } });
  const validate = ajv.compile(
    JSON.parse(readFileSync(path.join(ROOT, `schema/${name}.schema.json`), 'utf8')),
  );
  return (data) =>
    validate(data)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

it('holds every line of runs/, history/ and --events against the schemas', async () => {
  const folder = tempFolder();
  await sample(folder, 'latency_ms: 2, error_rate: 0.1, drop_rate: 0.05, half_json_rate: 0.05');
  await cli(['run', '--events', 'events.jsonl'], { cwd: folder });
  await cli(['run', '--variant', 'baseline', '--category', 'sanity', '--force', '--events', 'events.jsonl'], {
    cwd: folder,
  });
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('temperature: 0.2', 'temperature: 0.3'),
  );
  await cli(['run', '--variant', 'applike', '--runs', '2', '--events', 'events.jsonl'], { cwd: folder });
  const isArtifact = validator('record');
  const isEvent = validator('event');
  const artifacts = path.join(folder, 'artifacts/tool-interface');
  const counts: Record<string, number> = {};
  for (const file of filesBelow(artifacts).filter((name) => name.endsWith('.jsonl'))) {
    for (const [i, line] of jsonLines(path.join(artifacts, file)).entries()) {
      expect(isArtifact(line), `${file}:${i + 1}`).toEqual([]);
      counts[String(line.type)] = (counts[String(line.type)] ?? 0) + 1;
    }
  }
  for (const file of filesBelow(artifacts).filter((name) => name.endsWith('invocation.json'))) {
    const invocation = JSON.parse(readFileSync(path.join(artifacts, file), 'utf8'));
    expect(isArtifact(invocation), file).toEqual([]);
    expect(invocation).toMatchObject({
      type: 'invocation',
      how: file.startsWith('history/0003') ? 'complete' : expect.any(String),
    });
  }
  expect(counts).toMatchObject({ run_metadata: 6 + 6 + 3 + 1, scenario_result: 120 + 120 + 9 + 20 });
  const events = jsonLines(path.join(folder, 'events.jsonl'));
  for (const [i, event] of events.entries()) expect(isEvent(event), `event ${i}`).toEqual([]);
  const byInvocation = Map.groupBy(events, ({ invocation }) => String(invocation));
  expect(byInvocation.size).toBe(3);
  for (const list of byInvocation.values()) {
    expect(list.map(({ seq }) => Number(seq))).toEqual(list.map((_, i) => i + 1));
    expect([list[0]!.kind, list[1]!.kind, list.at(-1)!.kind]).toEqual([
      'invocation-started',
      'plan-made',
      'invocation-ended',
    ]);
  }
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
});

it('marks the lines of the view that the present manifest would draw anew', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('temperature: 0.2', 'temperature: 0.3'),
  );
  await cli(['run', '--variant', 'applike', '--runs', '2'], { cwd: folder });
  const stale = (file: string): number =>
    jsonLines(path.join(folder, 'artifacts/tool-interface/runs', file)).filter((line) => line.stale === true)
      .length;
  expect([stale('applike_run1.jsonl'), stale('applike_run2.jsonl'), stale('baseline_run2.jsonl')]).toEqual([
    20, 0, 20,
  ]);
  const { stdout } = await cli(['status', '--json'], { cwd: folder });
  expect(JSON.parse(stdout).rows.map((row: Record<string, number>) => [row.completed, row.stale])).toEqual([
    [0, 20],
    [0, 20],
    [0, 20],
    [0, 20],
    [20, 0],
    [0, 20],
  ]);
});

it('notices a damaged record when the view is written, says so, and draws the cell again the next time', async () => {
  const folder = tempFolder();
  await ranSample(folder);
  const artifacts = path.join(folder, 'artifacts/tool-interface');
  const history = filesBelow(path.join(artifacts, 'history')).find((name) =>
    name.endsWith('baseline_run1.jsonl'),
  )!;
  const file = path.join(artifacts, 'history', history);
  const bytes = readFileSync(file);
  bytes[bytes.lastIndexOf('"finish_reason"') + 3]! ^= 1;
  writeFileSync(file, bytes);
  // As if the disk had done it: the index finds size and time as it knows them.
  const index = new DatabaseSync(path.join(artifacts, 'index.db'));
  index.prepare('UPDATE files SET mtime_ms = ? WHERE path = ?').run(statSync(file).mtimeMs, history);
  index.close();
  rmSync(path.join(artifacts, 'runs', 'baseline_run1.jsonl'));
  const first = await cli(['run', '--json'], { cwd: folder });
  expect(first.stderr).toContain('a damaged record is not used');
  const second = await cli(['run', '--json'], { cwd: folder });
  const counts = [first, second].map(({ code, stdout }) => {
    const { executed, cached, missing } = JSON.parse(stdout);
    return { code, executed, cached, missing };
  });
  expect(counts).toEqual([
    { code: 1, executed: 0, cached: 119, missing: 1 },
    { code: 0, executed: 1, cached: 119, missing: 0 },
  ]);
});
