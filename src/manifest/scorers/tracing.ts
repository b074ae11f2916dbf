// `tracing:` with its defaults; every rule is compiled once here, so that a mistake in it is one of the manifest.
import type { LangSmithSettings } from '../../core/manifest.ts';
import type { Shield } from '../../core/trace.ts';
import { type Reading, say } from '../reading.ts';

/** A trace is read by people: beyond this a text is a file, and LangSmith refuses 20 MB a request. */
const MAX_CHARS = 65_536;

/** null = switched off. */
export function readTracing(reading: Reading): LangSmithSettings | null {
  const given = reading.raw.tracing?.langsmith ?? true;
  if (given === false) return null;
  const raw = given === true ? {} : given;
  return {
    project: raw.project ?? null,
    dataset: raw.dataset ?? null,
    experiments: raw.experiments ?? false,
    secondRoots: raw.second_roots ?? true,
    sampling: raw.sampling ?? null,
    inputs: raw.inputs ?? null,
    outputs: raw.outputs ?? null,
    metadata: raw.metadata ?? null,
    rules: (raw.redact ?? []).map((rule, index) => readRule(reading, { rule, index })),
    maxChars: raw.max_chars ?? MAX_CHARS,
    extendRetention: raw.extend_retention ?? false,
  };
}

function readRule(
  reading: Reading,
  input: {
    readonly rule: string | { readonly pattern: string; readonly replace?: string };
    readonly index: number;
  },
): Shield['rules'][number] {
  const { pattern, replace = '[redacted]' } =
    typeof input.rule === 'string' ? { pattern: input.rule } : input.rule;
  const path = [
    'tracing',
    'langsmith',
    'redact',
    input.index,
    ...(typeof input.rule === 'string' ? [] : ['pattern']),
  ];
  try {
    if (new RegExp(pattern, 'gu').test('')) {
      const message = `the rule ${JSON.stringify(pattern)} matches empty text, so it would match everywhere`;
      say(reading, { path, code: 'bad-pattern', message, hint: null });
    }
  } catch (cause) {
    const message = `not a regular expression: ${(cause as Error).message}`;
    say(reading, {
      path,
      code: 'bad-pattern',
      message,
      hint: 'JavaScript syntax with the flag u, without slashes',
    });
  }
  return { pattern, replace };
}
