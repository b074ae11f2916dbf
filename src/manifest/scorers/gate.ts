// `gate:` with every name looked up: one line for each condition and each arm that its name stands for.
import type { GateLine } from '../../core/gate-line.ts';
import type { Manifest } from '../../core/manifest.ts';
import { type Reading, say } from '../reading.ts';
import { readCondition } from './gate-condition.ts';
import { type GateMistake, type GateNames, readSubjects } from './gate-subject.ts';

/** A glob over a thousand variants and a thousand categories is no gate that anybody reads. */
const MAX_LINES = 1000;

type Named = Pick<Manifest, 'variants' | 'scenarios' | 'scorers' | 'review'>;

export function readGate(reading: Reading, input: Named): readonly GateLine[] {
  const names = namesOf(reading, input);
  const lines = Object.entries(reading.raw.gate ?? {}).flatMap(([name, written]) => {
    const read = readSubjects(name, names);
    if ('needle' in read) {
      tell(reading, { path: ['gate', name], part: 'key', mistake: read });
      return [];
    }
    const wanted = [written].flat();
    return wanted.flatMap((text, i) =>
      linesOf(reading, {
        subjects: read,
        text,
        names,
        path: ['gate', name, ...(Array.isArray(written) ? [i] : [])],
      }),
    );
  });
  if (lines.length <= MAX_LINES) return lines;
  const message = `the gate has ${lines.length} lines with all that its globs stand for; the limit is ${MAX_LINES}`;
  say(reading, { path: ['gate'], part: 'key', code: 'out-of-range', message });
  return [];
}

/** What a glob stands for is not held against itself; a name that is written out is a mistake. */
function linesOf(
  reading: Reading,
  input: {
    readonly subjects: readonly { readonly name: string; readonly subject: GateLine['subject'] }[];
    readonly text: string;
    readonly names: GateNames;
    readonly path: readonly (string | number)[];
  },
): readonly GateLine[] {
  const { subjects, text, names } = input;
  const lines: GateLine[] = [];
  for (const { name, subject } of subjects) {
    const condition = readCondition(text, { subject, names, folder: reading.folder });
    if ('needle' in condition) {
      tell(reading, { path: input.path, part: 'value', mistake: condition });
      return [];
    }
    const against =
      condition.kind !== 'number' && condition.than.kind === 'variant' ? condition.than.variant : null;
    if (against !== null && against === subject.variant) continue;
    lines.push({ name, wanted: text.trim(), subject, condition });
  }
  if (lines.length > 0) return lines;
  const same = JSON.stringify(subjects[0]!.subject.variant);
  const mistake = {
    code: 'wrong-value',
    message: `${same} is held against itself`,
    hint: 'name another variant',
    needle: '',
  } as const;
  tell(reading, { path: input.path, part: 'value', mistake });
  return [];
}

function tell(
  reading: Reading,
  input: {
    readonly path: readonly (string | number)[];
    readonly part: 'key' | 'value';
    readonly mistake: GateMistake;
  },
): void {
  const { needle, ...said } = input.mistake;
  say(reading, { path: input.path, part: input.part, ...said, ...(needle === '' ? {} : { needle }) });
}

function namesOf(reading: Reading, { variants, scenarios, scorers, review }: Named): GateNames {
  const known = variants.map(({ name }) => name);
  // A variant that is a mistake itself was said to be one.
  const declared = Object.keys(reading.raw.variants ?? {});
  return {
    variants: known,
    bases: declared.filter((name) => !known.includes(name)),
    categories: [...new Set(scenarios.flatMap(({ category }) => category ?? []))],
    tags: [...new Set(scenarios.flatMap(({ tags }) => tags))],
    scorers: scorers.map(({ name }) => name),
    humans: review
      ? [...review.dimensions.map(({ name }) => name), 'pass'].map((name) => `human.${name}`)
      : null,
  };
}
