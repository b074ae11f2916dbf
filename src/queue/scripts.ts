// What has to happen in Redis at one go, in Lua. Every key is handed over, so that a cluster knows where it is.

/**
 * An outcome is kept: as the job's, where whoever did it still has the lock; else as surplus. KEYS: lock, outcomes, news, surplus.
 * ARGV: token, id, outcome, news of it, field of surplus, news of that. Returns 1, or 0 for surplus.
 */
export const DELIVER = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('RPUSH', KEYS[3], ARGV[4])
  return 1
end
redis.call('HSET', KEYS[4], ARGV[5], ARGV[3])
redis.call('RPUSH', KEYS[3], ARGV[6])
return 0`;

/** Who coordinates goes on, as long as nobody else has begun. KEYS: coordinator. ARGV: value, milliseconds. Returns 1, or 0. */
export const RENEW = `
local held = redis.call('GET', KEYS[1])
if held == false or held == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
end
return 0`;

/** KEYS: coordinator. ARGV: value. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0`;
