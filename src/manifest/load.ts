// PLACEHOLDER by the lead until the real file is written: overwrite me.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { globSync } from 'tinyglobby';
import { DEFAULT_SIM_SETTINGS, SIM_PRICING } from '../core/sim-settings.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import { ok, type Result } from '../core/result.ts';
export async function loadManifest({ file, env }: { readonly file: string; readonly env: { readonly [n: string]: string | undefined } }): Promise<Result<{ manifest: Manifest; warnings: readonly Diagnostic[] }, readonly Diagnostic[]>> {
  const folder = path.dirname(file);
  const raw = parse(readFileSync(file, 'utf8')) as never as Record<string, never> & { variants: Record<string, Record<string, never>>; providers: Record<string, never> };
  const scenarios = globSync((raw.scenarios as string[]), { cwd: folder }).sort().flatMap((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const data = name.endsWith('.jsonl') ? { scenarios: text.split('\n').filter(Boolean).map((l) => JSON.parse(l)) } : parse(text);
    return data.scenarios.map((s: Record<string, never>) => ({ id: s.id, input: s.input, category: s.category ?? data.defaults?.category ?? null, tags: s.tags ?? [], description: null, vars: s.vars ?? {}, expect: s.expect ?? null, toolResults: {}, source: { file: name, line: 1 } }));
  });
  const providers: Record<string, never> = {};
  for (const [name, p] of Object.entries({ sim: { type: 'sim' }, openai: { type: 'openai', api_key_env: 'OPENAI_API_KEY' }, ...raw.providers } as Record<string, Record<string, never>>)) {
    const sim = (p.sim ?? {}) as Record<string, number>;
    const limits = (p.limits ?? {}) as Record<string, number>;
    providers[name] = { name, type: p.type, baseUrl: p.base_url ?? null, apiKeyEnv: p.api_key_env ?? null, api: p.api ?? 'chat', headers: Object.fromEntries(Object.entries(p.headers ?? {}).map(([k, v]) => [k, String(v).replace(/\$\{(\w+)\}/g, (_a, n) => env[n] ?? '')])), limits: { concurrency: limits.concurrency ?? null, requestsPerMinute: limits.rpm ?? null, tokensPerMinute: limits.tpm ?? null }, pricing: p.type === 'sim' ? SIM_PRICING : {}, model: p.model, sim: { ...DEFAULT_SIM_SETTINGS, ...(sim.latency_ms === undefined ? {} : { latencyMs: sim.latency_ms }), ...(sim.latency_spread === undefined ? {} : { latencySpread: sim.latency_spread }), ...(sim.error_rate === undefined ? {} : { errorRate: sim.error_rate }), ...(sim.drop_rate === undefined ? {} : { dropRate: sim.drop_rate }), ...(sim.half_json_rate === undefined ? {} : { halfJsonRate: sim.half_json_rate }) } } as never;
  }
  const variants = Object.entries(raw.variants).map(([name, v]) => {
    const m = { ...raw, ...v } as Record<string, never>;
    const tools = typeof m.tools === 'string' ? parse(readFileSync(path.join(folder, m.tools), 'utf8')) : (m.tools ?? []);
    const provider = providers[m.provider as string]! as { model?: string; type: string };
    return { name, slug: name, provider: m.provider, model: m.model ?? provider.model ?? 'sim-small', temperature: m.temperature ?? null, maxOutputTokens: m.max_output_tokens ?? null, params: m.params ?? {}, system: m.system ?? null, template: m.template ?? '{{input}}', tools: (Array.isArray(tools) ? tools : tools.tools).map((t: Record<string, never>) => ({ name: t.name, description: t.description ?? null, parameters: t.parameters ?? null, strict: t.strict ?? null })), maxTurns: 1, seed: m.seed ?? null, salt: m.salt ?? '', runs: m.runs ?? 1 };
  });
  const e = (raw.execution ?? {}) as Record<string, number>;
  const manifest = { file, folder, name: raw.name, description: null, variants, scenarios, providers, inputs: [], execution: { concurrency: e.concurrency ?? 32, retries: e.retries ?? 4, timeoutMs: 60000, budgetUsd: e.budget_usd ?? null, workers: e.workers ?? 2 }, printable: { name: raw.name }, secrets: [] } as never as Manifest;
  return ok({ manifest, warnings: [] });
}
