// What accounts turned out to allow, kept between invocations of one store: where the next one begins, never a limit. Deleting it
// costs finding it out again. It is anybody's: what cannot be used is as if it had not been kept.
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { isInvocationId } from '../../core/invocation-id.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import type { KeptLimits } from '../../core/limit-memory.ts';

/** `account`: digest of what makes it one (open/account-digest.ts). */
export type KeptAccount = KeptLimits & { readonly account: string };

export const LIMITS_FILE = 'limits.json';
const VERSION = 1;
/** Providers of one experiment, before and after edits: the newest of them. */
const MAX_ACCOUNTS = 64;
/** Of as many with the longest names; more is not ours. */
const MAX_BYTES = 256 * 1024;
const MAX_NAME = 300;
/** As much as `sim` plays, which is more than anybody sells. */
const MAX_RATE = 1_000_000;

/** Newest first. */
export function readLimits(root: string): readonly KeptAccount[] {
  const file = path.join(root, LIMITS_FILE);
  try {
    // A pipe of that name would never end.
    const stat = lstatSync(file);
    if (!stat.isFile() || stat.size > MAX_BYTES) return [];
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isJsonObject(value) || value.v !== VERSION || !Array.isArray(value.accounts)) return [];
    return (value.accounts as readonly Json[]).flatMap((entry) => readKept(entry) ?? []);
  } catch {
    return [];
  }
}

/** Whoever calls it holds the store's lock. @throws StoreError */
export function keepLimits(root: string, fresh: readonly KeptAccount[]): void {
  const ids = new Set(fresh.map(({ account }) => account));
  const others = readLimits(root).filter(({ account }) => !ids.has(account));
  const lines = [...fresh, ...others].slice(0, MAX_ACCOUNTS).map((one) => JSON.stringify(one));
  makeFolder(root);
  replaceFile(
    path.join(root, LIMITS_FILE),
    [`{"v":${VERSION},"accounts":[\n${lines.join(',\n')}\n]}\n`],
    false,
  );
}

/** Of this account the newest; null = none. */
export function keptOf(accounts: readonly KeptAccount[], account: string): KeptAccount | null {
  return accounts.find((one) => one.account === account) ?? null;
}

function readKept(entry: Json): KeptAccount | null {
  if (!isJsonObject(entry)) return null;
  const { account, lane, found_at, found_in } = entry;
  const numbers = [entry.requests_per_s, entry.burst, entry.concurrency].map(amountOf);
  if (numbers.includes(undefined)) return null;
  const [requests_per_s, burst, concurrency] = numbers as (number | null)[];
  if (typeof account !== 'string' || !/^[0-9a-f]{64}$/.test(account)) return null;
  if (typeof lane !== 'string' || lane.length > MAX_NAME || !lane.isWellFormed()) return null;
  if (typeof found_at !== 'string' || Number.isNaN(Date.parse(found_at))) return null;
  if (typeof found_in !== 'string' || !isInvocationId(found_in)) return null;
  return {
    account,
    lane,
    requests_per_s: requests_per_s!,
    burst: burst!,
    concurrency: concurrency!,
    found_at,
    found_in,
  };
}

/** undefined = it is none. */
function amountOf(value: Json | undefined): number | null | undefined {
  if (value === null) return null;
  return typeof value === 'number' && value > 0 && value <= MAX_RATE ? value : undefined;
}
