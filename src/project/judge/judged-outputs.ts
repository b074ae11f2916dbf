// Outputs that are judged, read from their records; the last ones are remembered, for scorers follow one another.
import type { Reading } from '../../cache/store.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { type Precomputed, precomputedOf } from '../../core/precomputed.ts';
import type { JudgedOutput } from '../../core/scoring.ts';
import { type Tested, testedOf } from '../../core/tested.ts';
import { toldRefusal } from '../select/refusal-text.ts';

export type Read = {
  readonly output: JudgedOutput;
  readonly tested: Tested | null;
  readonly came: ReadonlyMap<string, Precomputed>;
  readonly problem: string | null;
};

/** Scorers follow one another over the same outputs: the last ones are remembered. */
const REMEMBERED = 64;
const NOTHING: JudgedOutput = { text: '', tool_calls: [], finish_reason: null };
const UNTOLD = { tested: null, came: new Map<string, Precomputed>() };

export function makeOutputs(
  reading: Reading,
  given: ReadonlyMap<number, JudgedOutput> | undefined,
): (record: number) => Read {
  const known = new Map<number, Read>();
  return (id) => {
    const found = known.get(id);
    if (found) return found;
    if (known.size >= REMEMBERED) known.delete(known.keys().next().value!);
    const own = given?.get(id);
    const fresh = own ? { output: asDigested(own), ...UNTOLD, problem: null } : readOutput(reading, id);
    known.set(id, fresh);
    return fresh;
  };
}

function readOutput(reading: Reading, id: number): Read {
  const read = reading.read(id);
  if (!read || read.kind === 'err') {
    return {
      output: NOTHING,
      ...UNTOLD,
      problem: `its record cannot be read: ${read ? read.error : 'it is gone'}`,
    };
  }
  const { output } = read.value;
  if (output === null) return { output: NOTHING, ...UNTOLD, problem: 'its record has no output' };
  const judged: JudgedOutput = {
    text: output.text,
    tool_calls: output.tool_calls.map(({ name, arguments: given, arguments_text }) => ({
      name,
      arguments: given as JudgedOutput['tool_calls'][number]['arguments'],
      ...(arguments_text === undefined ? {} : { arguments_text }),
    })),
    finish_reason: output.finish_reason,
    ...toldRefusal(read.value),
  };
  return {
    output: asDigested(judged),
    tested: testedOf(output),
    came: precomputedOf(output),
    problem: null,
  };
}

/**
 * A score hangs on the output's digest, which knows no order of members and no form of accents: neither must who judges,
 * or equal digests would be told two things.
 */
function asDigested(output: JudgedOutput): JudgedOutput {
  // Most answers are a text and nothing else: their form needs no second look at every member.
  const { text, finish_reason, tool_calls, ...more } = output;
  const isPlain = tool_calls.length === 0 && Object.keys(more).length === 0 && text.isWellFormed();
  if (isPlain && (finish_reason ?? '').isWellFormed())
    return {
      finish_reason: finish_reason?.normalize('NFC') ?? null,
      text: text.normalize('NFC'),
      tool_calls,
    };
  try {
    return JSON.parse(canonicalJson(output)) as JudgedOutput;
  } catch {
    // A server may send what has no canonical form; its digest is of what was made of it, and nothing shares it.
    return output;
  }
}
