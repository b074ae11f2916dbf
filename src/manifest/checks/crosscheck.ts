// What only shows when the parts are put together: results of tools against scenarios, budgets against prices.
import type { JsonObject } from '../../core/json.ts';
import type { Provider, Tool, Variant } from '../../core/manifest.ts';
import { nearest } from '../../core/nearest.ts';
import { placeholdersIn } from '../../core/placeholders.ts';
import { priceFor } from '../../core/price.ts';
import {
  meeting,
  offeredTools,
  type RenderedText,
  readsOf,
  textsOfResults,
  textsOfVariant,
  toldResults,
} from '../../variants/rendered.ts';
import type { Target } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import type { ResolvedVariant } from '../variants/variants.ts';

const ID: Target = { path: ['id'], part: 'value' };

/** Reports what one scenario lacks, at its id. */
export function lacks(
  input: { reading: Reading; scenario: FoundScenario },
  said: { code: string; what: string; hint: string; severity?: 'warning' },
): void {
  const { scenario, index, locate } = input.scenario;
  input.reading.findings.add(
    scenario.source.file,
    () => ({
      ...(said.severity === undefined ? {} : { severity: said.severity }),
      code: said.code,
      message: `the scenario ${JSON.stringify(scenario.id)} ${said.what}`,
      hint: said.hint,
      location: locate(index, ID),
    }),
    `${said.code} ${said.what}`,
  );
}

/** The same of what tools give back in a loop: by the variant, and by the scenarios. */
export function checkResults(input: {
  readonly reading: Reading;
  readonly variants: readonly ResolvedVariant[];
  readonly scenarios: readonly FoundScenario[];
}): void {
  const told = new Set<string>();
  let warned = 0;
  const once = (id: string): boolean => !told.has(id) && told.add(id) !== undefined;
  for (const { variant, path } of input.variants) {
    // Code is handed results as they are written.
    if (variant.harness !== null || variant.maxTurns === 1) continue;
    const shown = JSON.stringify(variant.name);
    const texts = resultsOf(variant);
    for (const { placeholder, tool } of unknownIn(texts)) {
      const message = `the result of the tool ${tool} has the placeholder ${placeholder}, which means nothing: the model is told it as it stands`;
      say(input.reading, {
        path,
        part: 'key',
        severity: 'warning',
        code: 'unknown-placeholder',
        message,
        hint: KNOWN,
      });
    }
    for (const scenario of input.scenarios) {
      const met = meeting(variant, scenario.scenario);
      const offered = variant.mcp === null ? new Set(offeredTools(met).map(({ name }) => name)) : null;
      const own = met === variant ? readsOf(texts).vars : readsOf(resultsOf(met)).vars;
      const results = textsOfResults(toldResults(scenario.scenario, { maxTurns: variant.maxTurns, offered }));
      for (const name of [...own, ...readsOf(results).vars]) {
        const { id, vars } = scenario.scenario;
        if (Object.hasOwn(vars, name) && vars[name] !== undefined) continue;
        if (!once(JSON.stringify(['variable', id, name]))) continue;
        const guess = nearest(name, Object.keys(vars));
        lacks(
          { ...input, scenario },
          {
            code: 'no-variable',
            what: `has no variable "${name}", which a result of a tool of ${shown} reads ({{vars.${name}}})`,
            hint: guess
              ? `it has "${guess}"; did you mean that?`
              : 'add it under "vars:", or to the defaults of the file',
          },
        );
      }
      for (const { placeholder, tool } of unknownIn(results)) {
        // Results are anybody's data: a few warnings say it, and a file of templates is no mistake.
        if (warned >= MAX_WARNINGS || !once(JSON.stringify(['placeholder', placeholder]))) continue;
        warned++;
        lacks(
          { ...input, scenario },
          {
            severity: 'warning',
            code: 'unknown-placeholder',
            hint: KNOWN,
            what: `has the placeholder ${placeholder} in "tool_results" of ${tool}, which means nothing: the model is told it as it stands`,
          },
        );
      }
    }
  }
}

function resultsOf(variant: Variant): readonly RenderedText[] {
  return textsOfVariant(variant).filter(({ scope }) => scope === 'result');
}

const MAX_WARNINGS = 10;
const KNOWN = 'known in results: {{id}}, {{vars.NAME}}, {{arguments.NAME}}';

function unknownIn(
  texts: readonly RenderedText[],
): readonly { readonly placeholder: string; readonly tool: string | null }[] {
  return texts.flatMap(({ text, scope, tool }) =>
    placeholdersIn(text, scope).flatMap(({ written, read }) =>
      read === null ? [{ placeholder: written, tool }] : [],
    ),
  );
}

/** Who asks a model at an account. */
export type Caller = { readonly provider: string; readonly model: string; readonly params: JsonObject };

/** A budget is kept only if every call can be priced: an unknown price is an error, not a zero. */
export function checkPrices(input: {
  readonly reading: Reading;
  /** Variants and judges. */
  readonly callers: readonly Caller[];
  readonly providers: ReadonlyMap<string, Provider>;
}): void {
  if (input.reading.raw.execution?.budget_usd === undefined) return;
  for (const { provider, model, params } of input.callers) {
    const account = input.providers.get(provider);
    if (!account || model === '' || priceFor(account, { model, params }) !== null) continue;
    const name = JSON.stringify(model);
    say(input.reading, {
      path: ['execution', 'budget_usd'],
      code: 'unknown-price',
      message: `a budget needs prices: that of the model ${name} at ${JSON.stringify(provider)} is not known`,
      hint: `add under providers.${provider}.pricing: ${name}: { input: ..., output: ... }   (USD per million tokens)`,
    });
  }
}

/** A loop whose tools give nothing back, settings that nobody reads: the run would go on, and not as it was meant. */
export function checkLoops(input: {
  readonly reading: Reading;
  readonly variants: readonly ResolvedVariant[];
  readonly scenarios: readonly FoundScenario[];
}): void {
  const told = new Set(input.scenarios.flatMap(({ scenario }) => Object.keys(scenario.toolResults)));
  for (const { variant, path } of input.variants) {
    const { harness, mcp, maxTurns, tools, name } = variant;
    const warn = (code: string, message: string, hint: string): void =>
      say(input.reading, { path, part: 'key', severity: 'warning', code, message, hint });
    if (harness !== null) {
      if (mcp !== null) {
        const message = `the variant ${JSON.stringify(name)} has "mcp", which is for expgraph's own tool loop`;
        const hint = 'its own code or program can talk to the server by itself';
        say(input.reading, { path, part: 'key', code: 'wrong-value', message, hint });
      }
      continue;
    }
    if (mcp !== null && maxTurns === 1) {
      const message = `the variant ${JSON.stringify(name)} offers the tools of an MCP server and calls none: max_turns is 1`;
      warn('no-loop', message, 'write max_turns: 8, or as many calls of the model as it may take');
    }
    if (maxTurns === 1) continue;
    const lists = new Set([
      ...input.scenarios.map(({ scenario }) => scenario.tools ?? tools),
      ...(input.scenarios.length === 0 ? [tools] : []),
    ]);
    const isSilent = (tool: Tool): boolean => tool.result === undefined && !told.has(tool.name);
    const silent = [...new Set([...lists].flatMap((list) => list.filter(isSilent).map((tool) => tool.name)))];
    if (silent.length > 0) {
      const names =
        silent.slice(0, 10).join(', ') + (silent.length > 10 ? `, and ${silent.length - 10} more` : '');
      const message = `in the tool loop of ${JSON.stringify(name)} nothing says what ${names} gives back: the model is told that it is not available`;
      warn('no-result', message, 'give the tool a "result:", or the scenarios "tool_results:"');
    }
  }
}
