// What a server says of itself: the text of INFO, and settings where the user may ask for them (managed services refuse CONFIG).
// https://redis.io/docs/latest/commands/info/ Pure.

export type RedisFacts = {
  readonly software: 'Redis' | 'Valkey';
  /** As it says it: `7.0.15`; null = it says none. */
  readonly version: string | null;
  readonly mode: 'standalone' | 'cluster' | 'sentinel';
  /** `noeviction`, `allkeys-lru`, ... null = not told. */
  readonly evictionPolicy: string | null;
  /** Whether it appends what is written to its disk; null = not told. */
  readonly isAppending: boolean | null;
  /** The last append, or the last snapshot, could not be written; then nothing is taken any more. */
  readonly isDiskFailing: boolean;
  readonly isLoading: boolean;
  /** Of a replica: the server that it copies; null = it is no replica. */
  readonly primary: string | null;
  readonly memory: {
    readonly usedBytes: number | null;
    /** null = none is set. */
    readonly maxBytes: number | null;
  };
  /** Clients that it still takes; null = not told. */
  readonly freeClients: number | null;
};

/** What to ask CONFIG GET for, one at a time: several at once are new in Redis 7. */
export const SETTINGS_READ = [
  'maxmemory',
  'maxmemory-policy',
  'appendonly',
  'stop-writes-on-bgsave-error',
] as const;

/**
 * @param info reply of INFO
 * @param settings replies of CONFIG GET; null = refused
 */
export function readRedisFacts(
  info: string,
  settings: { readonly [name: string]: string } | null,
): RedisFacts {
  const told = fieldsOf(info);
  const word = (name: string): string | null => told.get(name) ?? null;
  const number = (name: string): number | null => countOf(told.get(name));
  const isValkey = word('server_name') === 'valkey' || told.has('valkey_version');
  const maxBytes = number('maxmemory') ?? countOf(settings?.maxmemory);
  const aof = word('aof_enabled') ?? { yes: '1', no: '0' }[settings?.appendonly ?? ''] ?? null;
  const maxClients = number('maxclients');
  const clients = number('connected_clients');
  return {
    software: isValkey ? 'Valkey' : 'Redis',
    version: isValkey ? (word('valkey_version') ?? word('redis_version')) : word('redis_version'),
    mode: modeOf(word('redis_mode') ?? word('server_mode'), word('cluster_enabled')),
    evictionPolicy: word('maxmemory_policy') ?? settings?.['maxmemory-policy'] ?? null,
    isAppending: aof === null ? null : aof === '1',
    isDiskFailing:
      word('aof_last_write_status') === 'err' ||
      (word('rdb_last_bgsave_status') === 'err' && settings?.['stop-writes-on-bgsave-error'] !== 'no'),
    isLoading: word('loading') === '1' || word('async_loading') === '1',
    primary:
      word('role') === 'slave' ? `${word('master_host') ?? 'unknown'}:${word('master_port') ?? '?'}` : null,
    memory: { usedBytes: number('used_memory'), maxBytes: maxBytes === 0 ? null : maxBytes },
    freeClients: maxClients === null || clients === null ? null : maxClients - clients,
  };
}

function fieldsOf(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of info.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return fields;
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function modeOf(mode: string | null, clusterEnabled: string | null): RedisFacts['mode'] {
  if (mode === 'sentinel') return 'sentinel';
  return mode === 'cluster' || clusterEnabled === '1' ? 'cluster' : 'standalone';
}
