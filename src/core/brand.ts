// Strings that must not be mixed up: each brand has one minting function, here or beside its only maker.
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** SHA-256 as 64 lower-case hex digits. Minted by `digestOf` (canonical.ts). */
export type Digest = Brand<'digest'>;
/** The content hash that names one draw. Minted by `sampleKey` (planner/key.ts). */
export type Key = Brand<'key'>;

const HEX_64 = /^[0-9a-f]{64}$/;

/** Takes text that was written by us earlier (a record, the index) as a digest; anything else is a bug or damage. */
export function asDigest(text: string): Digest {
  if (!HEX_64.test(text)) throw new Error(`not a digest: ${text.slice(0, 80)}`);
  return text as Digest;
}

/** Takes a digest as a key. */
export function asKey(text: string): Key {
  if (!HEX_64.test(text)) throw new Error(`not a key: ${text.slice(0, 80)}`);
  return text as Key;
}
