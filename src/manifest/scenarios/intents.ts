// `expects_tools` of the manifest, of scenario files and of scenarios: read, held against the variants' names, joined.
import path from 'node:path';
import type { Location } from '../../core/diagnostic.ts';
import { matchesGlob } from '../../core/glob.ts';
import { isJsonObject } from '../../core/json.ts';
import type { Scenario } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { ExpectsTools } from '../../core/scoring.ts';
import { readMapping, type WrittenMapping } from '../../scoring/expectations/mapping.ts';
import { openDocument } from '../documents/document.ts';
import type { WrittenIntents } from '../documents/origin.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { Finding } from '../errors/findings.ts';
import type { Target } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import type { Reading } from '../reading.ts';
import { checkSchemas, expectationPlace, type SeenSchema } from './expectation-words.ts';
import type { FoundScenario } from './scenarios.ts';

export type Intents = { readonly shared: ExpectsTools; readonly scenarios: readonly Scenario[] };

/** The nearer one wins, intent by intent: the scenario, the defaults of its file, the manifest. */
export async function readIntents(
  reading: Reading,
  input: { readonly scenarios: readonly FoundScenario[]; readonly variants: readonly string[] },
): Promise<Intents> {
  const schemas: SeenSchema[] = [];
  const read = makeReader(reading, { schemas, variants: input.variants });
  const written = manifestIntents(reading);
  const shared = written === null ? {} : read(written);
  // The defaults of a file are one object for all of its scenarios: so is what they become.
  const joined = new Map<WrittenIntents, ExpectsTools>();
  const scenarios = input.scenarios.map(({ scenario, intents }): Scenario => {
    if (intents.length === 0) return { ...scenario, expectsTools: shared };
    const [first] = intents;
    const known = intents.length === 1 ? joined.get(first!) : undefined;
    const expectsTools = known ?? Object.assign(empty(), shared, ...intents.map(read));
    if (intents.length === 1) joined.set(first!, expectsTools);
    return { ...scenario, expectsTools };
  });
  await checkSchemas(schemas);
  return { shared, scenarios };
}

/** Nothing is inherited: an intent may be called `__proto__`. */
function empty(): ExpectsTools {
  return Object.create(null) as ExpectsTools;
}

/** null: there is none, or it cannot be used, which was said. */
function manifestIntents(reading: Reading): WrittenIntents | null {
  const { document } = reading;
  const written = reading.raw.expects_tools;
  if (written === undefined) return null;
  if (typeof written === 'string') return fileIntents(reading, written);
  return {
    raw: written as WrittenMapping,
    file: document.file,
    locate: (target) => document.locate({ ...target, path: ['expects_tools', ...target.path] }),
  };
}

/** A file with the map, or with `expects_tools:` and the map. */
function fileIntents(reading: Reading, shown: string): WrittenIntents | null {
  const { folder, findings } = reading;
  const file = path.resolve(folder, shown);
  const namedAt = (): Location => reading.document.locate({ path: ['expects_tools'], part: 'value' });
  const document = openDocument({ file, shown, folder, findings, namedAt, maxBytes: MAX_DOCUMENT_BYTES });
  if (document === null) return null;
  const { value } = document;
  const isWrapped = isJsonObject(value) && Object.hasOwn(value, 'expects_tools');
  const raw: unknown = isWrapped ? value.expects_tools : value;
  const base = isWrapped ? ['expects_tools'] : [];
  const locate = (target: Target): Location =>
    document.locate({ ...target, path: [...base, ...target.path] });
  const mistakes = mistakesOf('intents', raw);
  for (const { path: at, part, say } of mistakes) {
    findings.add(file, () => ({ ...say(), location: locate({ path: at, part }) }));
  }
  return mistakes.length > 0 ? null : { raw: raw as WrittenMapping, file, locate };
}

function makeReader(
  reading: Reading,
  input: { readonly schemas: SeenSchema[]; readonly variants: readonly string[] },
): (written: WrittenIntents) => ExpectsTools {
  const done = new Map<WrittenIntents, ExpectsTools>();
  return (written) => {
    let tools = done.get(written);
    if (tools === undefined) {
      const { file, locate } = written;
      checkVariants(reading, { written, variants: input.variants });
      const place = expectationPlace({ findings: reading.findings, file, locate, schemas: input.schemas });
      tools = readMapping(written.raw, place);
      done.set(written, tools);
    }
    return tools;
  };
}

/** A name is the variant's own, or the one before its matrix; a glob that fits nobody may be there for tomorrow's variants. */
function checkVariants(
  { findings }: Reading,
  input: { readonly written: WrittenIntents; readonly variants: readonly string[] },
): void {
  const { raw, file, locate } = input.written;
  const known = new Set(input.variants.flatMap((name) => [name, name.replace(/\[.*$/s, '')]));
  // That no variant can be read is said where they stand.
  if (known.size === 0) return;
  for (const [intent, tools] of Object.entries(raw)) {
    for (const pattern of Object.keys(tools)) {
      if (known.has(pattern) || [...known].some((name) => matchesGlob(pattern, name))) continue;
      const isGlob = /[*?]/.test(pattern);
      const make = (): Finding => ({
        severity: isGlob ? 'warning' : 'error',
        code: isGlob ? 'empty-glob' : 'unknown-variant',
        message: isGlob
          ? `${JSON.stringify(pattern)} matches no variant`
          : `there is no variant ${JSON.stringify(pattern)}`,
        hint: didYouMean(pattern, known) ?? `known here: ${[...known].slice(0, 12).join(', ')}`,
        location: locate({ path: [intent, pattern], part: 'key' }),
      });
      findings.add(file, make, JSON.stringify(['variant', intent, pattern]));
    }
  }
}
