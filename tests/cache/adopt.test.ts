// Records whose key is of version 1, in stores as version 1 wrote them: what they count under once they are indexed.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReader } from '../../src/cache/index/reader.ts';
import type { RecordRow } from '../../src/cache/store.ts';
import { digestOf } from '../../src/core/canonical.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { makePart } from '../../src/core/part.ts';
import type { Part, PartName } from '../../src/core/task.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { ENGINE } from '../rig/records.ts';
import { checkStore, invoke, openTestStore, type TestTask } from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

/** As version 1 made it: canonical JSON alone decides. */
const old = (part: PartName, content: JsonObject): Part => ({ part, digest: digestOf(content), content });
const SCENARIO = old('scenario', { input: 'one' });

function taskOf(variant: Part, name: string, more: { scenario?: Part; run?: number } = {}): TestTask {
  const { scenario = SCENARIO, run = 1 } = more;
  const parts = { variant: variant.digest, scenario: scenario.digest, engine: ENGINE.digest };
  return {
    ...{ variant: name, scenario: 'one', run, category: 'made', parts },
    key: sampleKey(parts, run),
    state: { kind: 'pending', reason: { kind: 'new' } },
    contents: [variant, scenario, ENGINE],
  };
}

/** A store that version 1 left, opened by this one without its index. */
async function rowsAfter(
  ...tasks: readonly TestTask[]
): Promise<{ root: string; rows: readonly RecordRow[] }> {
  const root = tempFolder();
  {
    using store = openTestStore(root);
    await invoke(
      store,
      tasks.map((of) => ({ of })),
    );
  }
  rmSync(path.join(root, 'index.db'));
  using store = openTestStore(root);
  return { root, rows: [...store.records()] };
}

const keyOf = (variant: Part, run = 1): string =>
  sampleKey({ variant: variant.digest, scenario: SCENARIO.digest, engine: ENGINE.digest }, run);

describe('a record of version 1', () => {
  it('keeps its key where version 1 forgot nothing', async () => {
    const task = taskOf(old('variant', { model: 'm', params: { a: 1, b: 2 } }), 'plain');
    const { rows } = await rowsAfter(task);
    expect(rows.map(({ key, ownKey, unadopted }) => [key, ownKey, unadopted])).toEqual([
      [task.key, task.key, null],
    ]);
  });

  it('counts under the key of the order in which it was sent, and of no other', async () => {
    const reason = { model: 'm', params: { reason: '', answer: '' } };
    const answer = { model: 'm', params: { answer: '', reason: '' } };
    const { rows } = await rowsAfter(taskOf(old('variant', reason), 'reason-first'));
    expect(rows.map(({ key }) => key)).toEqual([keyOf(makePart('variant', reason))]);
    expect(rows[0]!.key).not.toBe(keyOf(makePart('variant', answer)));
  });

  it('of a program counts under the name that it was told', async () => {
    const program = { model: 'm', harness: { kind: 'command', argv: ['say'] } };
    const { rows } = await rowsAfter(taskOf(old('variant', program), 'legacy'));
    const now = makePart('variant', { ...program, v: 2, told: { variant: 'legacy' } });
    expect(rows.map(({ key, parts }) => [key, parts.variant])).toEqual([[keyOf(now), now.digest]]);
  });

  it('that cannot be told counts under a key that nobody asks for, and says what was forgotten', async () => {
    const task = taskOf(old('variant', { model: 'm', inputs: ['d'] }), 'fed');
    const { rows } = await rowsAfter(task);
    expect(rows.map(({ ownKey, unadopted }) => [ownKey, unadopted])).toEqual([[task.key, 'input-paths']]);
    expect(rows[0]!.key).not.toBe(task.key);
  });

  it('of two arms that differ in order only cannot be told: one of two texts was kept', async () => {
    const [a, b] = [
      old('variant', { model: 'm', params: { reason: '', answer: '' } }),
      old('variant', { model: 'm', params: { answer: '', reason: '' } }),
    ];
    expect(a.digest).toBe(b.digest);
    const { rows } = await rowsAfter(taskOf(a, 'reason-first'), taskOf(b, 'answer-first', { run: 2 }));
    expect(rows.map(({ unadopted }) => unadopted)).toEqual(['order', 'order']);
  });

  it('whose account was told its model in a header cannot be told', async () => {
    const root = tempFolder();
    const task = taskOf(old('variant', { model: 'm' }), 'routed');
    {
      using store = openTestStore(root);
      const invocation = await invoke(store, [
        { of: task },
        { of: taskOf(old('variant', { model: 'n' }), 'other') },
      ]);
      const file = path.join(root, 'history', invocation, 'invocation.json');
      const manifest = {
        providers: { gate: { headers: ['X-Portkey-Config'] }, plain: { headers: ['x-team'] } },
        variants: [
          { name: 'routed', provider: 'gate' },
          { name: 'other', provider: 'plain' },
        ],
      };
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), manifest }));
    }
    rmSync(path.join(root, 'index.db'));
    using store = openTestStore(root);
    const told = [...store.records()].map(({ variant, unadopted }) => [variant, unadopted]);
    expect(told.sort()).toEqual([
      ['other', null],
      ['routed', 'headers'],
    ]);
  });

  it('is read, explained, shown and checked as any other', async () => {
    const program = { model: 'm', harness: { kind: 'command', argv: ['say'] } };
    const task = taskOf(old('variant', program), 'legacy');
    const { root, rows } = await rowsAfter(task);
    const now = makePart('variant', { ...program, v: 2, told: { variant: 'legacy' } });
    {
      using store = openTestStore(root);
      expect(store.read(rows[0]!)).toMatchObject({ kind: 'ok', value: { key: task.key } });
      expect(store.part(now.digest)).toEqual(now.content);
      expect(store.history.byKey(rows[0]!.key)).toMatchObject({ status: 'completed' });
      const cell = { variant: 'legacy', scenario: 'one', run: 1, category: 'made', slug: 'legacy' };
      const [file] = store.refreshView([{ ...cell, key: rows[0]!.key }]);
      const line = JSON.parse(readFileSync(file!, 'utf8').split('\n')[1]!);
      expect([line.key, line.stale]).toEqual([task.key, undefined]);
    }
    const { findings } = checkStore(root, [{ ...task, key: rows[0]!.key }]);
    expect(findings).toEqual([]);
    // Without an index: read from the history itself.
    rmSync(path.join(root, 'index.db'));
    using reader = openReader(root);
    expect([...reader.records()].map(({ key }) => key)).toEqual([rows[0]!.key]);
    expect(reader.part(now.digest)).toEqual(now.content);
  });

  it('is followed by the next generation of the key under which it counts', async () => {
    const program = { model: 'm', harness: { kind: 'command', argv: ['say'] } };
    const { root } = await rowsAfter(taskOf(old('variant', program), 'legacy'));
    using store = openTestStore(root);
    const now = makePart('variant', { ...program, v: 2, told: { variant: 'legacy' } });
    await invoke(store, [{ of: taskOf(now, 'legacy') }]);
    expect([...store.records()].map(({ key, generation }) => [key, generation])).toEqual([
      [keyOf(now), 1],
      [keyOf(now), 2],
    ]);
  });
});
