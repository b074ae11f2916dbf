// Models that an endpoint does not list: which of its own was meant.
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { unlisted } from '../../src/project/doctor/models.ts';

const asking = (model: string): { readonly manifest: Manifest } => ({
  manifest: {
    variants: [{ provider: 'local', model, harness: null }],
    scorers: [],
  } as unknown as Manifest,
});

const adviceFor = (model: string, models: readonly string[]): string | undefined =>
  unlisted(asking(model), { provider: 'local', models })[0]?.advice;

test('a name without its size or date is completed where one model has it', () => {
  expect(adviceFor('qwen3', ['qwen3:8b', 'llama3:latest'])).toBe('did you mean qwen3:8b?');
  expect(adviceFor('gpt-4.1', ['gpt-4.1-2025-04-14'])).toBe('did you mean gpt-4.1-2025-04-14?');
});

test('a name that several models have gets the list, and one that is listed gets nothing', () => {
  expect(adviceFor('qwen', ['qwen-small', 'qwen-large-instruct'])).toBe(
    'it lists: qwen-small, qwen-large-instruct',
  );
  expect(adviceFor('llama3', ['llama3:latest'])).toBeUndefined();
  expect(adviceFor('gemini', ['models/gemini'])).toBeUndefined();
});
