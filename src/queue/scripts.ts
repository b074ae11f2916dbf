// What has to happen in Redis at one go, in Lua. Every key is handed over, so that a cluster knows where it is.

/**
 * News, and outcomes. Each of these is kept as the job's, where whoever did it still has the lock; else as surplus. KEYS: news,
 * outcomes, surplus, a lock of each outcome. ARGV: how many news, these, and of each outcome: token, id, outcome, news of it, field
 * of surplus, news of that.
 */
export const TELL = `
local news = tonumber(ARGV[1])
for i = 2, news + 1 do
  redis.call('RPUSH', KEYS[1], ARGV[i])
end
for i = 4, #KEYS do
  local at = news + 2 + (i - 4) * 6
  if redis.call('GET', KEYS[i]) == ARGV[at] then
    redis.call('HSET', KEYS[2], ARGV[at + 1], ARGV[at + 2])
    redis.call('RPUSH', KEYS[1], ARGV[at + 3])
  else
    redis.call('HSET', KEYS[3], ARGV[at + 4], ARGV[at + 2])
    redis.call('RPUSH', KEYS[1], ARGV[at + 5])
  end
end`;

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

/** A field that still holds what was read there. KEYS: hash. ARGV: field, value. */
export const DROP = `
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0`;
