// Whether a queue can stand on a server, asked before anything is put there: what is refused, what is only told, and what to type. Pure.
import { sanitizeLine } from '../core/text.ts';
import type { RedisFacts } from './redis-facts.ts';

export type RedisFinding = {
  readonly severity: 'refused' | 'warning';
  /** One sentence, without a full stop. */
  readonly message: string;
  /** A command to the server, as `redis-cli` takes it; null = there is none. */
  readonly toType: string | null;
};

/** BullMQ's Lua needs what 6.2 brought; every Valkey has it. */
const OLDEST = [6, 2] as const;
/** With less of its memory free, a burst of long answers fills it. */
const LITTLE_FREE = 0.2;
const HARDLY_FREE = 0.05;
/** BullMQ holds four connections a worker, and each of our processes two more. */
const FEW_CLIENTS = 20;

/** Refusals first. @param at the address as it may be shown */
export function checkRedis(facts: RedisFacts, at: string): readonly RedisFinding[] {
  const found = [
    isSentinel(facts, at),
    isReplica(facts, at),
    isLoading(facts, at),
    isOld(facts, at),
    mayEvict(facts, at),
    isFull(facts, at),
    hasNoDisk(facts, at),
    forgets(facts, at),
    isCrowded(facts, at),
  ].filter((one) => one !== null);
  return [...found.filter(isRefusal), ...found.filter((one) => !isRefusal(one))];
}

export function isRefusal({ severity }: RedisFinding): boolean {
  return severity === 'refused';
}

/** `...; in redis-cli: CONFIG SET maxmemory-policy noeviction`. Without an address: one without its password cannot be pasted. */
export function findingSentence({ message, toType }: RedisFinding): string {
  return toType === null ? message : `${message}; in redis-cli: ${toType}`;
}

function refused(message: string, toType: string | null = null): RedisFinding {
  return { severity: 'refused', message, toType };
}

function warning(message: string, toType: string | null = null): RedisFinding {
  return { severity: 'warning', message, toType };
}

function isSentinel({ mode }: RedisFacts, at: string): RedisFinding | null {
  if (mode !== 'sentinel') return null;
  return refused(
    `${at} is a Sentinel, which keeps no data: give the address of the Redis that it watches`,
    'SENTINEL MASTERS',
  );
}

function isReplica({ primary }: RedisFacts, at: string): RedisFinding | null {
  if (primary === null) return null;
  return refused(
    `${at} is a replica, which nobody may write to: give the address of its primary, ${sanitizeLine(primary)}`,
  );
}

function isLoading({ isLoading }: RedisFacts, at: string): RedisFinding | null {
  return isLoading ? refused(`${at} is still loading its data: start again in a moment`) : null;
}

function isOld({ software, version }: RedisFacts, at: string): RedisFinding | null {
  if (software === 'Valkey') return null;
  const [major, minor] = (/^(\d+)\.(\d+)/.exec(version ?? '') ?? []).slice(1).map(Number);
  if (major === undefined || minor === undefined)
    return warning(`${at} does not say which version it is: the queue needs Redis 6.2 or newer, or Valkey`);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null;
  return refused(`${at} is Redis ${sanitizeLine(version!)}: the queue needs 6.2 or newer, or Valkey`);
}

function mayEvict({ evictionPolicy }: RedisFacts, at: string): RedisFinding | null {
  const setting = 'CONFIG SET maxmemory-policy noeviction';
  if (evictionPolicy === null)
    return warning(
      `${at} does not tell its eviction policy: with another than noeviction it deletes work when its memory is full`,
      setting,
    );
  if (evictionPolicy === 'noeviction') return null;
  return refused(
    `${at} deletes work when its memory is full (maxmemory-policy ${sanitizeLine(evictionPolicy)}; the queue needs noeviction)`,
    setting,
  );
}

function isFull({ memory: { usedBytes, maxBytes } }: RedisFacts, at: string): RedisFinding | null {
  if (usedBytes === null || maxBytes === null) return null;
  const free = 1 - usedBytes / maxBytes;
  if (free >= LITTLE_FREE) return null;
  const how = `${megabytes(usedBytes)} of its ${megabytes(maxBytes)} MB of memory`;
  const setting = `CONFIG SET maxmemory ${megabytes(maxBytes * 2)}mb`;
  return free < HARDLY_FREE
    ? refused(`${at} is full: it uses ${how}`, setting)
    : warning(`${at} is nearly full: it uses ${how}, and takes no more work when it is`, setting);
}

function hasNoDisk({ isDiskFailing }: RedisFacts, at: string): RedisFinding | null {
  if (!isDiskFailing) return null;
  return refused(
    `${at} could not write to its disk, and takes no more work until it can: look at its log, and at the space that is left`,
  );
}

function forgets({ isAppending }: RedisFacts, at: string): RedisFinding | null {
  if (isAppending !== false) return null;
  return warning(
    `${at} keeps its data in memory alone (appendonly no): when it restarts, calls under way are made again and paid again; records are safe`,
    'CONFIG SET appendonly yes',
  );
}

function isCrowded({ freeClients }: RedisFacts, at: string): RedisFinding | null {
  if (freeClients === null || freeClients >= FEW_CLIENTS) return null;
  return warning(
    `${at} takes only ${Math.max(0, freeClients)} more connections (maxclients): workers that come later are refused`,
  );
}

function megabytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1024 ** 2));
}
