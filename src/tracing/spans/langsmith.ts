// Spans of LangSmith's own SDK, without its client: they go to a collector, and from there back with the attempt.
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import { isJsonObject } from '../../core/json.ts';
import { type Shield, traceId } from '../../core/trace.ts';
import { type Collector, makeCollector } from './collector.ts';
import { toPlain } from './json-copy.ts';
import { loadSecretRules, loadSpans } from './sdk.ts';
import { type Rule, type ShieldSettings, shieldSpans } from './shield.ts';
import { shieldSettings } from './shield-settings.ts';
import type { ChildSpan, Ending, RootSpan, Scope, Tracer } from './tracer.ts';

type Sdk = Awaited<ReturnType<typeof loadSpans>>;
type Tree = InstanceType<Sdk['RunTree']>;

/** Code that goes on after its attempt may still end its spans within this time; then they are ended for it. */
const OPEN_SPANS_MS = 250;

/** What takes its time: once a thread. */
export function loadSdk(): Promise<unknown> {
  return Promise.all([loadSpans(), loadSecretRules()]);
}

/** @param env this worker's own: values of secret variables are taken out of every trace. */
export async function makeLangSmithTracer(input: {
  readonly env: Env;
  readonly clock: Clock;
}): Promise<Tracer> {
  const [sdk, secretRules] = await Promise.all([loadSpans(), loadSecretRules()]);
  const settingsOf = makeSettings(input.env, secretRules);
  return {
    async trace(root) {
      const { order, startMs } = root;
      const id = traceId({ startMs, seed: order.seed });
      const collector = makeCollector({ traceId: id });
      const tree = new sdk.RunTree({
        ...common(collector),
        id,
        name: order.name,
        run_type: 'chain',
        start_time: startMs,
        inputs: asObject(root.inputs),
        tags: [...order.tags],
        metadata: { ...order.facts },
      });
      await tree.postRun();
      const result = await within({ sdk, tree, seed: order.seed, clock: input.clock, work: root.work });
      await openSpans(collector, input.clock);
      await end({ tree, ending: root.ending(result), endMs: input.clock.now().getTime() });
      const spans = collector.finish({ endMs: input.clock.now().getTime() });
      return { result, spans: shieldSpans(spans, settingsOf(order.shield)) };
    },
  };
}

/** Settings that must win over the environment: nobody's replicas, nobody's project, traced whatever it says. */
function common(collector: Collector): {
  readonly client: Tree['client'];
  readonly project_name: string;
  readonly replicas: [];
  readonly tracingEnabled: true;
  readonly serialized: object;
} {
  return {
    // The SDK asks no more of it: createRun and updateRun.
    client: collector.client as unknown as Tree['client'],
    project_name: 'expgraph',
    replicas: [],
    tracingEnabled: true,
    serialized: {},
  };
}

function within<Result>(input: {
  readonly sdk: Sdk;
  readonly tree: Tree;
  readonly seed: string;
  readonly clock: Clock;
  readonly work: RootSpan<Result>['work'];
}): Promise<Result> {
  return input.sdk.withRunTree(input.tree, () => input.work(makeScope(input))) as Promise<Result>;
}

function makeScope(input: {
  readonly sdk: Sdk;
  readonly tree: Tree;
  readonly seed: string;
  readonly clock: Clock;
}): Scope {
  let count = 0;
  return {
    async span<Result>(child: ChildSpan<Result>) {
      const seed = JSON.stringify([input.seed, count++, child.name]);
      const startMs = input.clock.now().getTime();
      const tree = input.tree.createChild({
        id: traceId({ startMs, seed }),
        name: child.name,
        run_type: child.type,
        start_time: startMs,
        inputs: asObject(child.inputs),
        metadata: { ...child.facts },
      });
      await tree.postRun();
      const result = await within({ ...input, tree, seed, work: child.work });
      await end({ tree, ending: child.ending(result), endMs: input.clock.now().getTime() });
      return result;
    },
  };
}

async function end(input: {
  readonly tree: Tree;
  readonly ending: Ending;
  readonly endMs: number;
}): Promise<void> {
  const { outputs, error } = input.ending;
  await input.tree.end(asObject(outputs), error ?? undefined, input.endMs);
  await input.tree.patchRun();
}

/** Inputs and outputs are objects on the wire. */
function asObject(value: unknown): Tree['inputs'] {
  const plain = toPlain(value ?? {});
  return isJsonObject(plain) ? { ...plain } : { value: plain };
}

async function openSpans(collector: Collector, clock: Clock): Promise<void> {
  if (collector.open() === 0) return;
  await new Promise<void>((resolve) => {
    const stopTimer = clock.after(OPEN_SPANS_MS, resolve);
    collector.whenClosed(() => {
      stopTimer();
      resolve();
    });
  });
}

/** Orders of one run all ask the same: what is made of it is kept by its text. */
function makeSettings(env: Env, secretRules: readonly Rule[]): (shield: Shield) => ShieldSettings {
  let last: { readonly text: string; readonly settings: ShieldSettings } | null = null;
  return (shield) => {
    const text = JSON.stringify(shield);
    if (last?.text === text) return last.settings;
    const settings = shieldSettings({ env, shield, secretRules });
    last = { text, settings };
    return settings;
  };
}
