// The key: which draw a record is. Pinned byte for byte by tests/planner/key.golden.json: a silent change here would
// make every user pay for everything again.
import type { Key } from '../core/brand.ts';
import { sha256 } from '../core/canonical.ts';
import type { PartDigests } from '../core/task.ts';

/**
 * Of the form below. What a part holds may grow without it: a content that says more has another digest, and one that
 * has no more to say keeps its key (core/part.ts, variants/upgrade.ts). The package's version is provenance, not identity.
 */
export const KEY_VERSION = 1;

/**
 * SHA-256 over the canonical JSON of `{engine, k: "sample", ks, run, scenario, variant}`, each part by its digest.
 * The text is put together directly, which is the same bytes as canonicalJson gives (a test compares them): at 100,000
 * tasks the general writer would cost as much as the hashing.
 */
export function sampleKey(parts: PartDigests, run: number): Key {
  return sha256(`${before(parts, run)}${parts.scenario}${after(parts)}`) as Key;
}

function before({ engine }: PartDigests, run: number): string {
  return `{"engine":"${engine}","k":"sample","ks":${KEY_VERSION},"run":${run},"scenario":"`;
}

function after({ variant }: PartDigests): string {
  return `","variant":"${variant}"}`;
}

/**
 * The same for many: cells come variant by variant and run by run, and of the text only the scenario's digest changes. It
 * is put into bytes that stay: a hundred thousand texts are not made.
 */
export function makeSampleKeys(): (parts: PartDigests, run: number) => Key {
  let last: PartDigests | null = null;
  let lastRun = 0;
  let bytes = new Uint8Array();
  let scenario = bytes;
  return (parts, run) => {
    if (last?.variant !== parts.variant || last.engine !== parts.engine || run !== lastRun) {
      [last, lastRun] = [parts, run];
      const start = before(parts, run);
      bytes = ENCODER.encode(`${start}${'0'.repeat(DIGITS)}${after(parts)}`);
      scenario = bytes.subarray(start.length, start.length + DIGITS);
    }
    if (parts.scenario.length !== DIGITS) return sampleKey(parts, run);
    ENCODER.encodeInto(parts.scenario, scenario);
    return sha256(bytes) as Key;
  };
}

const ENCODER = new TextEncoder();
/** Of a digest in hex. */
const DIGITS = 64;
