// Names in Redis: one hash tag an experiment, whatever its name; ids that say their draw; needs that say what differs.
import { expect, it } from 'vitest';
import { difference } from '../../src/project/queue/needs.ts';
import { drawId, drawOfJob, jobId, ordersOf, queueNames } from '../../src/queue/names.ts';
import { makeQuestions } from '../../src/queue/questions.ts';
import type { Needs } from '../../src/queue/words.ts';

it('all keys of an experiment have one hash tag, and no name breaks it', () => {
  for (const name of ['small', 'a}b{c', 'Größe: 1', 'x'.repeat(200)]) {
    const { told, long, ...names } = queueNames(name);
    const all = [...Object.values(names), told('w'), long('d')];
    const tags = new Set(all.map((key) => /\{([^{}]*)\}/.exec(key)?.[1]));
    expect(tags.size).toBe(1);
    expect([...tags][0]).toMatch(/^[A-Za-z0-9_.-]+-[0-9a-f]{8}$/);
  }
  expect(queueNames('a b').prefix).not.toBe(queueNames('a_b').prefix);
});

it('a queue of a provider has no colon, and two providers never share one', () => {
  expect(ordersOf('openai')).toBe('orders.openai');
  expect(ordersOf('a:b')).not.toContain(':');
  expect(new Set(['a.b', 'a%2Eb', 'a b', 'a/b'].map(ordersOf)).size).toBe(4);
});

it('an id of a job says its draw; another id says none', () => {
  const key = 'a'.repeat(64);
  expect(drawOfJob(jobId(drawId(key, 2), 3))).toBe(`${key}.2`);
  for (const other of ['1', `${key}.2`, `${key}.x.1`, `b${key}.1.1`]) expect(drawOfJob(other)).toBeNull();
});

const NEEDS: Needs = {
  ...{ v: 1, expgraph: '0.1', experiment: 'e', scenarios: 's' },
  ...{ variants: { a: '1', b: '2' }, scorers: { c: '3' } },
};

it('what differs is named, each part by its own', () => {
  expect(difference(NEEDS, NEEDS)).toBeNull();
  expect(difference(NEEDS, { ...NEEDS, expgraph: '0.2' })).toContain('install the same version');
  const other = { ...NEEDS, variants: { a: '1', b: '9', d: '4' }, scorers: {}, scenarios: 't' };
  expect(difference(NEEDS, other)).toContain('variant b, variant d, code of scorer c, the scenarios.');
});

it('a question that is asked again is answered alike, and asked of the lane once', () => {
  const said: unknown[] = [];
  const asked: unknown[] = [];
  const questions = makeQuestions((told) => said.push(told));
  const ask = (question: unknown): void => void asked.push(question);
  const admit = { kind: 'admit', n: 1 };
  questions.hear(admit, ask);
  questions.hear(admit, ask);
  expect([asked.length, said.length]).toEqual([1, 0]);
  questions.answered({ n: 1, verdict: 'go' });
  questions.hear(admit, ask);
  expect(asked).toEqual([admit]);
  expect(said).toEqual([
    { n: 1, verdict: 'go' },
    { n: 1, verdict: 'go' },
  ]);
  // What only tells has no number, and is told each time.
  questions.hear({ kind: 'works', limitMs: 1 }, ask);
  questions.hear({ kind: 'works', limitMs: 1 }, ask);
  expect(asked).toHaveLength(3);
});
