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
  return sha256(
    `{"engine":"${parts.engine}","k":"sample","ks":${KEY_VERSION},"run":${run},"scenario":"${parts.scenario}","variant":"${parts.variant}"}`,
  ) as Key;
}
