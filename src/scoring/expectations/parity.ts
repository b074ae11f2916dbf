// The door to parity: whether one arm can express what one scenario expects, and whether all of it is looked at.
import type { Scenario, Tool, Variant } from '../../core/manifest.ts';
import {
  best,
  type ParityCall,
  type ParityCell,
  type ParityFinding,
  type ParityState,
  worst,
} from '../../core/parity.ts';
import { unreachable } from '../../core/result.ts';
import type { CallCheck, Check, ExpectsTools, RuleScorer } from '../../core/scoring.ts';
import { checkArguments } from '../rules/argument-fit.ts';
import { expectedCalls } from './expectation.ts';
import { type IntentCall, resolveIntent, toolOf } from './intent-calls.ts';
import { placeholdersOf } from './mapping.ts';

export type ParityInput = {
  readonly scorers: readonly RuleScorer[];
  readonly variant: Variant;
  readonly scenario: Scenario;
};

export function parityOf({ scorers, variant, scenario }: ParityInput): ParityCell {
  const findings = new Map<string, ParityFinding>();
  const calls: ParityCall[] = [];
  const arm: ArmTools = {
    variant,
    intents: scenario.expectsTools,
    tools: knownTools(variant),
    tell: (finding) => findings.set(JSON.stringify(finding), { ...finding, variant: variant.name }),
  };
  const states = scorers.flatMap((scorer) => {
    const known = new Map<CallCheck, ParityCall>();
    const check = expectedCalls(scorer, scenario, (call) => {
      const { check: resolved, parity } = readIntent(call, arm);
      known.set(resolved, parity);
      return resolved;
    });
    if (check === null) return [];
    const state = stateOf(check, { arm, known });
    calls.push(...known.values());
    return [state];
  });
  // An intent without a mapping leaves the whole expectation unread, wherever it stands in it.
  const isUnread = calls.some(({ intent, tools }) => intent !== null && tools.length === 0);
  const state = isUnread ? 'cannot' : worst(states);
  return {
    variant: variant.name,
    scenario: scenario.id,
    state,
    calls: distinct(calls),
    // What is only one of several ways to be right is no failure where another way is open.
    findings: [...findings.values()].map((finding) =>
      finding.state === 'cannot' && state !== 'cannot' ? { ...finding, state: 'lenient' } : finding,
    ),
  };
}

type ArmTools = {
  readonly variant: Variant;
  readonly intents: ExpectsTools;
  /** `isWhole`: there are no others. */
  readonly tools: { readonly list: readonly Tool[]; readonly isWhole: boolean };
  readonly tell: (finding: Omit<ParityFinding, 'variant'>) => void;
};

/** Own code and programs bring tools of their own, and a server's are known once it was asked. */
function knownTools({ tools, mcp, harness }: Variant): ArmTools['tools'] {
  const ofServer = mcp?.seen?.tools ?? [];
  const isWhole = (mcp === null || mcp.seen !== null) && (harness === null || tools.length > 0);
  return { list: [...tools, ...ofServer], isWhole };
}

function distinct(calls: readonly ParityCall[]): readonly ParityCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}

const NOTHING: CallCheck = { names: [], arguments: {} };

function readIntent(
  call: IntentCall,
  arm: ArmTools,
): { readonly check: CallCheck; readonly parity: ParityCall } {
  const { intent } = call;
  const resolved = resolveIntent(call, { variant: arm.variant.name, intents: arm.intents });
  if (resolved.kind === 'err') {
    arm.tell({ state: 'cannot', message: resolved.error });
    // A new object each: it is the key that the call is found by.
    return { check: { ...NOTHING }, parity: { intent, tools: [], state: 'cannot', unchecked: [] } };
  }
  const check = { ...resolved.value };
  const unchecked = uncheckedFields(call, arm);
  if (unchecked.length > 0) {
    const message = `the intent ${JSON.stringify(intent)}: ${unchecked.map((field) => JSON.stringify(field)).join(', ')} of the expectation ${unchecked.length === 1 ? 'is' : 'are'} not checked in this arm, which is judged more leniently for it`;
    arm.tell({ state: 'lenient', message });
  }
  const fits = worst(check.names.map((name) => toolState(name, { arm, check, isIntent: true })));
  const state = worst([fits, unchecked.length > 0 ? 'lenient' : 'ok']);
  return { check, parity: { intent, tools: check.names, state, unchecked } };
}

/** A moment of which only the day, or only the time, is looked at is half checked. */
function uncheckedFields({ intent, fields }: IntentCall, arm: ArmTools): readonly string[] {
  const mapping = Object.hasOwn(arm.intents, intent) ? arm.intents[intent]! : {};
  const tool = toolOf(mapping, arm.variant.name);
  const read = new Set(
    Object.values(tool?.arguments ?? {}).flatMap((check) => placeholdersOf(check as never)),
  );
  return Object.keys(fields).flatMap((field) => {
    if (read.has(field) || (read.has(`${field}.date`) && read.has(`${field}.time`))) return [];
    if (read.has(`${field}.date`)) return [`${field}.time`];
    return read.has(`${field}.time`) ? [`${field}.date`] : [field];
  });
}

type Named = { readonly arm: ArmTools; readonly check: CallCheck; readonly isIntent: boolean };

function toolState(name: string, { arm, check, isIntent }: Named): ParityState {
  const { list, isWhole } = arm.tools;
  const tool = list.find((one) => one.name === name);
  const shown = JSON.stringify(name);
  if (tool === undefined && isWhole) {
    const names = list.map((one) => one.name).slice(0, 8);
    const message = `${isIntent ? 'its mapping names' : 'the scenario expects'} the tool ${shown}, which this arm does not have (it has ${names.join(', ') || 'no tools'})`;
    arm.tell({
      state: 'cannot',
      message: isIntent ? message : `${message}: unfair to it; name an intent instead`,
    });
    return 'cannot';
  }
  if (tool === undefined) {
    arm.tell({
      state: 'unknown',
      message: `whether it has the tool ${shown} cannot be told from here: its code, program or MCP server brings its own`,
    });
    return 'unknown';
  }
  const { problems, notes } = checkArguments(check.arguments, tool);
  for (const message of problems) arm.tell({ state: 'cannot', message });
  if (isIntent) for (const message of notes) arm.tell({ state: 'note', message });
  return problems.length > 0 ? 'cannot' : 'ok';
}

/** Of one expectation: all of it, or one of several ways. */
function stateOf(
  check: Check,
  input: { readonly arm: ArmTools; readonly known: ReadonlyMap<CallCheck, ParityCall> },
): ParityState {
  switch (check.kind) {
    case 'all':
      return worst(check.of.map((one) => stateOf(one, input)));
    case 'any': {
      const states = check.of.map((one) => stateOf(one, input));
      // A way that is open to one arm and not to another, or half checked, is still a difference.
      const open = best(states);
      return open === 'ok' && states.includes('lenient') ? 'lenient' : open;
    }
    case 'tool_calls':
      return worst(
        check.calls.map((call) => {
          const known = input.known.get(call);
          if (known !== undefined) return known.state;
          return best(
            call.names.map((name) => toolState(name, { arm: input.arm, check: call, isIntent: false })),
          );
        }),
      );
    case 'not':
    case 'exact':
    case 'contains':
    case 'regex':
    case 'json':
    case 'numeric':
    case 'clarify':
    case 'finish_reason':
    case 'refused':
    case 'autoevals':
      return 'ok';
    default:
      return unreachable(check);
  }
}
