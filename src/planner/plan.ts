// The planner: a pure function from what is asked and what the history holds to what has to run, and why.

import type { Digest, Key } from '../core/brand.ts';
import type { CellRecord, History, KeyRecord } from '../core/history.ts';
import type { JsonObject } from '../core/json.ts';
import { shardText } from '../core/shard.ts';
import {
  asksOutcome,
  type Cell,
  type Change,
  type Filter,
  type PartDigests,
  type PartName,
  type Plan,
  type Reason,
  type Task,
  type TaskState,
} from '../core/task.ts';
import { meansVariant } from '../core/variant-names.ts';
import { makeDeal } from './deal.ts';
import { editOf, explainChange, KEY_VERSION_CHANGE } from './explain.ts';
import { makeSampleKeys } from './key.ts';
import { startOrder } from './order.ts';
import { meansScenario, type PlannedScenario, type PlannedVariant } from './planned.ts';

export type PlanInput = {
  readonly experiment: string;
  readonly variants: readonly PlannedVariant[];
  readonly scenarios: readonly PlannedScenario[];
  readonly filter: Filter;
  /** Cells that the filter means by what the planner does not know: verdicts, and whether arms agree. */
  readonly chosen?: ChosenCell;
  /** Draw every task in scope again. */
  readonly force: boolean;
  /** Seed of the starting order. */
  readonly seed: number;
  readonly history: History;
  /** Content behind a part's digest, of today's manifest or of the history. */
  readonly content: (digest: Digest) => JsonObject | undefined;
  /** How contents are held against records whose keys version 1 made, and that today's cannot be told of. */
  readonly version1?: Version1;
  /** What keys hold otherwise than they did when a record was made, so that they cannot be held against each other. */
  readonly outgrown?: (was: JsonObject, is: JsonObject) => readonly string[] | null;
  /** What is written under a digest of code; undefined = it was not kept. */
  readonly sourceOf?: (digest: string) => string | undefined;
};

export type ChosenCell = (cell: Cell, key: Key) => boolean;

export type Version1 = {
  /** Today's content in the words of version 1. */
  readonly contentOf: (part: PartName, content: JsonObject) => JsonObject;
  /** A difference that is no edit: version 1 knew too little. */
  readonly isOfVersion: (change: Change, variant: JsonObject | undefined) => boolean;
};

/** Linear in the number of cells; every key is computed once, every cell looked up once. */
export function plan(input: PlanInput): Plan {
  const owners = mayShare(input) ? new Map<Key, Cell>() : null;
  const explained = new Map<string, readonly Change[]>();
  const tasks: Task[] = [];
  const counts = { tasks: 0, pending: 0, cached: 0, shared: 0, stale: 0, failed: 0 };
  const keyOf = makeSampleKeys();
  for (const cell of cellsInScope(input)) {
    const key = keyOf(cell.parts, cell.run);
    const state = stateOf({ input, cell, key, owners, explained });
    if (state === 'out-of-scope') continue;
    count(counts, state);
    tasks.push({
      variant: cell.variant,
      scenario: cell.scenario,
      run: cell.run,
      category: cell.category,
      key,
      parts: cell.parts,
      state,
    });
  }
  const pending = tasks.filter((task) => task.state.kind === 'pending');
  return {
    experiment: input.experiment,
    tasks,
    pending: startOrder(pending, input.seed),
    counts,
    ...(input.filter.shard ? { shard: shardText(input.filter.shard) } : {}),
    twins: twinsOf(input.variants, new Set(tasks.map(({ variant }) => variant))),
  };
}

/**
 * Every cell that the filters leave, with its parts, in the order of the manifest. What became of them is judged later.
 * @param declared all variants of the manifest, where `variants` are some of them: shards are dealt of all
 */
export function* cellsInScope(
  input: Pick<PlanInput, 'variants' | 'scenarios' | 'filter'> & { readonly declared?: PlanInput['variants'] },
): Generator<Cell & { readonly category: string | null; readonly parts: PartDigests }> {
  const { filter } = input;
  const wanted = input.scenarios.map((scenario) => meansScenario(filter, scenario));
  const { shard } = filter;
  const deal = shard && makeDeal({ ...input, variants: input.declared ?? input.variants, shards: shard.of });
  const means = meansVariant(
    filter.variant,
    input.variants.map(({ name }) => name),
  );
  for (const variant of input.variants) {
    if (!means(variant.name)) continue;
    // One object for all runs of a scenario: a hundred thousand tasks hold on to them.
    const parts: PartDigests[] = [];
    for (let run = 1; run <= variant.runs; run++) {
      if (filter.runs.length > 0 && !filter.runs.includes(run)) continue;
      for (let i = 0; i < input.scenarios.length; i++) {
        if (!wanted[i] || variant.without?.has(i)) continue;
        const scenario = input.scenarios[i]!;
        if (deal && deal({ variant: variant.name, scenario: scenario.id, run }) !== shard?.number) continue;
        let own = parts[i];
        if (own === undefined) {
          const { digest } = variant.scenarios[i]!;
          own = { variant: variant.variant.digest, scenario: digest, engine: variant.engine.digest };
          parts[i] = own;
        }
        yield {
          variant: variant.name,
          scenario: scenario.id,
          run,
          category: scenario.category,
          parts: own,
        };
      }
    }
  }
}

type StateInput = {
  readonly input: PlanInput;
  readonly cell: Cell & { readonly parts: PartDigests };
  readonly key: Key;
  /** null: no two cells have one key. */
  readonly owners: Map<Key, Cell> | null;
  readonly explained: Map<string, readonly Change[]>;
};

function stateOf({ input, cell, key, owners, explained }: StateInput): TaskState | 'out-of-scope' {
  const head = input.history.byKey(key);
  if (!isChosen({ input, cell, key, head })) return 'out-of-scope';
  if (head?.status === 'completed' && !input.force) return { kind: 'cached', head };
  const owner = owners?.get(key);
  if (owner) return { kind: 'shared', with: owner };
  owners?.set(key, { variant: cell.variant, scenario: cell.scenario, run: cell.run });
  return { kind: 'pending', reason: reasonOf({ input, cell, status: head?.status, explained }) };
}

/** What is known last of a cell decides, also where today's content was not asked yet. */
function isChosen(context: {
  readonly input: PlanInput;
  readonly cell: Cell;
  readonly key: Key;
  readonly head: KeyRecord | undefined;
}): boolean {
  const { input, cell, key, head } = context;
  const { failed, stale } = input.filter;
  if (!asksOutcome(input.filter)) return true;
  const last = head ?? input.history.byCell(cell);
  if (failed && last?.status === 'failed') return true;
  if (stale && head === undefined && last !== undefined) return true;
  return input.chosen?.(cell, key) ?? false;
}

function reasonOf(context: {
  readonly input: PlanInput;
  readonly cell: Cell & { readonly parts: PartDigests };
  readonly status: 'completed' | 'failed' | undefined;
  readonly explained: Map<string, readonly Change[]>;
}): Reason {
  if (context.status === 'completed') return { kind: 'forced' };
  if (context.status === 'failed') return { kind: 'failed' };
  const before = context.input.history.byCell(context.cell);
  if (!before) return NEW;
  const outgrown = outgrownOf(context, before);
  if (outgrown !== null) return { kind: 'stale', changed: NO_EDIT, forgot: outgrown };
  if (before.unadopted !== null) return unadoptedReason({ ...context, before, forgot: before.unadopted });
  // Sixty tasks that went stale by one edit have one explanation.
  const signature = editOf(before.parts, context.cell.parts);
  let changed = context.explained.get(signature);
  if (!changed) {
    const { content, sourceOf } = context.input;
    const source = sourceOf === undefined ? {} : { sourceOf };
    changed = explainChange({ from: before.parts, to: context.cell.parts, content, ...source });
    context.explained.set(signature, changed);
  }
  return { kind: 'stale', changed };
}

function outgrownOf(
  context: { readonly input: PlanInput; readonly cell: { readonly parts: PartDigests } },
  before: Pick<CellRecord, 'parts'>,
): readonly string[] | null {
  const { outgrown, content } = context.input;
  if (outgrown === undefined) return null;
  const [was, is] = [content(before.parts.variant), content(context.cell.parts.variant)];
  return was && is ? outgrown(was, is) : null;
}

/** A record is there, and what it answers cannot be told: because keys hold more today, because of an edit, or both. */
function unadoptedReason(context: {
  readonly input: PlanInput;
  readonly cell: { readonly parts: PartDigests };
  readonly explained: Map<string, readonly Change[]>;
  readonly before: Pick<CellRecord, 'parts'>;
  readonly forgot: string;
}): Reason {
  const { input, cell, before, explained } = context;
  const signature = JSON.stringify([before.parts, cell.parts, context.forgot]);
  let edits = explained.get(signature);
  if (!edits) {
    const variant = input.content(cell.parts.variant);
    edits = explainChange({
      from: before.parts,
      to: cell.parts,
      content: input.content,
      ...(input.version1 ? { contentOf: input.version1.contentOf } : {}),
    }).filter(
      (change) => change.part !== KEY_VERSION_CHANGE.part && !input.version1?.isOfVersion(change, variant),
    );
    explained.set(signature, edits.length > 0 ? edits : NO_EDIT);
  }
  if (edits.length > 0 && edits !== NO_EDIT) return { kind: 'stale', changed: edits };
  return { kind: 'stale', changed: NO_EDIT, forgot: context.forgot.split(' ') };
}

const NEW: Reason = { kind: 'new' };

const NO_EDIT: readonly Change[] = [KEY_VERSION_CHANGE];

function count(counts: { -readonly [name in keyof Plan['counts']]: number }, state: TaskState): void {
  counts.tasks++;
  counts[state.kind]++;
  if (state.kind !== 'pending') return;
  if (state.reason.kind === 'stale') counts.stale++;
  if (state.reason.kind === 'failed') counts.failed++;
}

/** Two cells have one key where two variants have equal content, or two scenarios let the same of them through. */
function mayShare({ variants }: Pick<PlanInput, 'variants'>): boolean {
  const contents = new Set(variants.map(({ variant, engine }) => `${variant.digest} ${engine.digest}`));
  if (contents.size < variants.length) return true;
  const lists = new Set(variants.map(({ scenarios }) => scenarios));
  return [...lists].some(
    (scenarios) => new Set(scenarios.map(({ digest }) => digest)).size < scenarios.length,
  );
}

/** Of the variants that have a cell in scope. */
function twinsOf(
  variants: readonly PlannedVariant[],
  inScope: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  const first = new Map<string, string>();
  const twins: [string, string][] = [];
  for (const variant of variants) {
    if (!inScope.has(variant.name)) continue;
    const content = `${variant.variant.digest} ${variant.engine.digest}`;
    const other = first.get(content);
    if (other === undefined) first.set(content, variant.name);
    else twins.push([other, variant.name]);
  }
  return twins;
}
