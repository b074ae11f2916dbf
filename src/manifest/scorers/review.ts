// `review:` with every default filled in: what people are asked, what their labels mean, who reads how much.
import { didYouMean } from '../../core/nearest.ts';
import type { Masked, ReviewProtocol } from '../../core/review.ts';
import { type Reading, say } from '../reading.ts';

type Label = ReviewProtocol['labels'][number];

/** null = something is wrong, and that was said. */
export function readReview(reading: Reading): ReviewProtocol | null {
  const raw = reading.raw.review!;
  const mode = raw.mode ?? 'single';
  const dimensions = readDimensions(reading);
  const labels = mode === 'pair' ? pairLabels(reading) : readLabels(reading);
  const pass = mode === 'pair' ? '' : readPass(reading, labels ?? []);
  if (dimensions === null || labels === null || pass === null) return null;
  return {
    ...{ dimensions, labels, pass, mode },
    reviewers: raw.reviewers ?? 2,
    overlap: raw.overlap ?? 0.2,
    mask: readMask(raw.mask),
    order: raw.order ?? 'shuffled',
    repeats: raw.repeats ?? 0.05,
  };
}

/** What nobody may be shown, whatever is written. */
const ALWAYS: readonly Masked[] = ['variant', 'run', 'tokens', 'latency'];
const ORDER: readonly Masked[] = [...ALWAYS, 'tools', 'arguments'];

function readMask(written: readonly Masked[] | undefined): readonly Masked[] {
  const masked = new Set([...ALWAYS, ...(written ?? ['tools'])]);
  return ORDER.filter((one) => masked.has(one));
}

/** They name scores (`human.tone`), columns and keys of feedback. Digits first would stand before all others, wherever they are written. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,59}$/;
const NAMED = 'letters, digits, _ and -, at most 60, a letter first';

function readDimensions(reading: Reading): ReviewProtocol['dimensions'] | null {
  const raw = reading.raw.review?.dimensions;
  if (raw === undefined) return null;
  let isSound = true;
  for (const name of Object.keys(raw)) {
    const path = ['dimensions', name];
    if (name === 'pass') {
      const message = '"pass" is what follows from all dimensions: none of them is named so';
      isSound = wrong(reading, { path, part: 'key', message, hint: 'choose another name' });
    } else if (!NAME.test(name)) {
      const message = `${JSON.stringify(name)} cannot name a dimension: scores are called human.NAME`;
      isSound = wrong(reading, { path, part: 'key', message, hint: NAMED });
    }
  }
  return isSound ? Object.entries(raw).map(([name, question]) => ({ name, question })) : null;
}

function readLabels(reading: Reading): readonly Label[] | null {
  const raw = reading.raw.review?.labels;
  if (raw === undefined) {
    if (reading.isSpoiled(['review', 'labels'])) return null;
    const message = '"review" does not say what readers may answer';
    const hint =
      'labels: { good: { value: 3, anchor: "..." }, acceptable: { value: 2, anchor: "..." }, poor: { value: 1, anchor: "..." } }';
    wrong(reading, { path: [], part: 'key', message, hint });
    return null;
  }
  let isSound = true;
  const labels: Label[] = [];
  for (const [name, written] of Object.entries(raw)) {
    const path = ['labels', name];
    const label = typeof written === 'number' ? { name, value: written, anchor: '' } : { name, ...written };
    const twin = labels.find(({ value }) => value === label.value);
    if (!NAME.test(name)) {
      const message = `${JSON.stringify(name)} cannot name a label`;
      isSound = wrong(reading, { path, part: 'key', message, hint: NAMED });
    } else if (twin !== undefined) {
      const message = `${JSON.stringify(name)} and ${JSON.stringify(twin.name)} have the same value ${label.value}: neither would be better`;
      isSound = wrong(reading, { path, message, hint: 'each label has a value of its own; more is better' });
    } else if (label.anchor === '') {
      const message = `${JSON.stringify(name)} has no anchor: two readers mean two things by it`;
      const hint = `${name}: { value: ${label.value}, anchor: "when a reader says this" }`;
      say(reading, {
        path: ['review', ...path],
        code: 'no-anchor',
        severity: 'warning',
        message,
        hint,
      });
    }
    labels.push(label);
  }
  return isSound ? labels.sort((a, b) => b.value - a.value) : null;
}

/** Said of the left answer: so are the keys of a page the same in both modes. */
const PAIR: readonly Label[] = [
  { name: 'left', value: 1, anchor: 'The left answer is better.' },
  { name: 'tie', value: 0.5, anchor: 'Neither is better.' },
  { name: 'right', value: 0, anchor: 'The right answer is better.' },
];

function pairLabels(reading: Reading): readonly Label[] {
  for (const key of ['labels', 'pass'] as const) {
    if (reading.raw.review?.[key] === undefined) continue;
    const message = `"${key}" counts for nothing with mode: pair: readers say left, right or tie`;
    const hint = 'leave it out, or write mode: single';
    say(reading, {
      path: ['review', key],
      part: 'key',
      code: 'no-effect',
      severity: 'warning',
      message,
      hint,
    });
  }
  return PAIR;
}

function readPass(reading: Reading, labels: readonly Label[]): string | null {
  const written = reading.raw.review?.pass;
  if (written === undefined) return labels.length === 0 ? '' : `no ${labels.at(-1)!.name}`;
  const [, rule = '', name = ''] = /^(\S+)(?:\s+(.+))?$/.exec(written.trim()) ?? [];
  const names = labels.map((label) => label.name);
  if (rule !== 'no' && rule !== 'all') {
    const message = `${JSON.stringify(written)} does not say when an answer passes`;
    const near = didYouMean(rule, ['no', 'all']);
    const hint = `${near === null ? '' : `${near} `}"no LABEL" (no dimension has it) or "all LABEL" (each is at least it)`;
    return wrong(reading, { path: ['pass'], message, hint }) || null;
  }
  if (names.length === 0 || names.includes(name)) return `${rule} ${name}`;
  const message = name === '' ? `"${rule}" of which label?` : `there is no label ${JSON.stringify(name)}`;
  const hint = didYouMean(name, names) ?? `there are ${names.join(', ')}`;
  return wrong(reading, { path: ['pass'], message, hint }) || null;
}

function wrong(
  reading: Reading,
  input: {
    readonly path: readonly string[];
    readonly part?: 'key' | 'value';
    readonly message: string;
    readonly hint: string;
  },
): false {
  const { path, part = 'value', message, hint } = input;
  say(reading, { path: ['review', ...path], part, code: 'wrong-value', message, hint });
  return false;
}
