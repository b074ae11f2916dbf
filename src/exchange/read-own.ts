// Lines of expgraph's own: of runs/ and of the history (docs/formats.md), and rows of its own CSV.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { ScenarioResult } from '../core/record.ts';
import { err, ok, type Result } from '../core/result.ts';
import { mistakesOf } from './check.ts';
import type { Imported, Mapping } from './imported.ts';

const RESULT = 'scenario_result';

/** Of ours, and no result: passed over. */
const BESIDE = new Set(['run_metadata', 'part', 'tombstone', 'turn', 'results', 'attempt', 'score_metadata']);

export type OwnLine = 'result' | 'beside' | 'score' | null;

export function ownLine(value: Json): OwnLine {
  if (!isJsonObject(value)) return null;
  if (value.part !== undefined && typeof value.digest === 'string' && 'content' in value) return 'beside';
  if (value.v !== 1 || typeof value.type !== 'string') return null;
  if (value.type === RESULT) return 'result';
  if (value.type === 'score') return 'score';
  return BESIDE.has(value.type) ? 'beside' : null;
}

/** @param body of a field that stands in a file of its own; null = it is not there */
export function readOwn(
  line: JsonObject,
  input: {
    readonly mapping: Mapping;
    readonly body: (sha256: string) => Json | null;
    /** The record's schema: paths of what does not fit. */
    readonly problems: (value: Json) => readonly string[];
  },
): Result<Imported, readonly string[]> {
  const { stale: _s, in_scope: _i, ...rest } = line;
  const record: { [name: string]: Json | undefined } = { ...rest };
  for (const name of ['input', 'output']) {
    const blob = isJsonObject(record[name]) ? record[name].blob : undefined;
    if (!isJsonObject(blob)) continue;
    const body = typeof blob.sha256 === 'string' ? input.body(blob.sha256) : null;
    if (body === null) {
      return err([
        `has its ${name} in blobs/, and that is not there: import it from its folder of artifacts`,
      ]);
    }
    record[name] = body;
  }
  const problems = input.problems(record as JsonObject);
  if (problems.length > 0) return err([`is no result of expgraph: ${problems.slice(0, 3).join(', ')}`]);
  const own = record as unknown as ScenarioResult;
  const last = own.attempts.at(-1)!;
  const system = own.input.messages.find(({ role }) => role === 'system');
  const result: Imported = {
    variant: input.mapping.variant ?? own.variant.normalize('NFC'),
    scenario: own.scenario.normalize('NFC'),
    run: own.run,
    category: own.category,
    text: own.output?.text ?? null,
    toolCalls: own.output?.tool_calls ?? [],
    outputMessages: [],
    finishReason: own.output?.finish_reason ?? null,
    refusal: null,
    error: own.status === 'completed' ? null : (last.error ?? { kind: 'internal', message: 'failed' }),
    prompt: own.input.prompt,
    messages: own.input.messages as readonly JsonObject[],
    system: typeof system?.content === 'string' ? system.content : null,
    usage: own.usage,
    costUsd: own.cost_usd,
    model: own.model,
    servedModel: own.served_model,
    provider: own.provider,
    temperature: own.temperature,
    seed: own.seed,
    startedAt: own.started_at,
    latencyMs: own.duration_ms,
    properties: null,
    unknown: own.unknown ?? [],
    own,
  };
  const mistakes = mistakesOf(result);
  return mistakes.length === 0 ? ok(result) : err(mistakes);
}
