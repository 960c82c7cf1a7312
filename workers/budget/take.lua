-- Take up to n call slots of an account, or say how long to wait. One atomic step.
-- KEYS[1] account state (hash: tat, factor, factor_at, busy0, busy1)   KEYS[2] calls under way (zset: token -> deadline)
-- KEYS[3] when this Redis began (string)
-- ARGV: 1 n  2 spacing (0 = no rate)  3 burst  4 concurrency (0 = none)  5 how far ahead slots may lie
--       6 deadline after a slot for a call under way  7 prefix of tokens
--       8 how long after Redis began slots of before may still be used
--       9 part of the limit that a cut rate regains a second, * 1e6
--       10 rank of the taker's priority (0 = most urgent)  11 how long a taker who got too little goes first
-- Unit: microseconds of this Redis' clock, always.
-- Result: {granted, wait until the first slot, spacing between slots, reason, wait, factor * 1e6}
--   granted 0 with reason "rate" | "concurrency": ask again after the wait.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local n, spacing, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local concurrency, ahead = tonumber(ARGV[4]), tonumber(ARGV[5])
local rank, wanted = tonumber(ARGV[10]), n
local state = redis.call('HMGET', KEYS[1], 'tat', 'factor', 'factor_at', 'busy0', 'busy1')
local tat = tonumber(state[1])

local factor = tonumber(state[2]) or 1
if factor < 1 then -- a rate that was cut creeps back
  factor = math.min(1, factor + (now - tonumber(state[3])) / 1000000 * tonumber(ARGV[9]) / 1000000)
end

-- This taker gets less than he could use. He asks again after `wait`, and has to find what is left for him then.
local function short(wait)
  if rank >= 2 then return end
  local until_ = now + math.max(tonumber(ARGV[11]), wait + math.floor(tonumber(ARGV[11]) / 3))
  if until_ > (tonumber(state[4 + rank]) or 0) then
    redis.call('HSET', KEYS[1], 'busy' .. rank, string.format('%.0f', until_))
    redis.call('PEXPIRE', KEYS[1], 259200000)
  end
end

local function later(reason, wait)
  short(wait)
  return {0, 0, 0, reason, wait, math.floor(factor * 1000000)}
end

-- A more urgent taker who could use all there is goes first; what he leaves over is for the others.
for urgent = 0, rank - 1 do
  local until_ = tonumber(state[4 + urgent]) or 0
  if until_ > now then return later('rate', until_ - now) end
end

if concurrency > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  local free = concurrency - redis.call('ZCARD', KEYS[2])
  if free <= 0 then return later('concurrency', 20000) end
  n = math.min(n, free)
end

if not tat then
  -- Nothing is known of earlier calls. Just after Redis began, slots given out before it may still be used.
  local born = tonumber(redis.call('GET', KEYS[3]))
  if not born then
    born = now
    redis.call('SET', KEYS[3], string.format('%.0f', now))
  end
  tat = born + tonumber(ARGV[8])
end
local first = now
if spacing > 0 then
  spacing = spacing / factor
  first = math.max(tat, now - (burst - 1) * spacing)
  if first - now > ahead then return later('rate', first - now - math.floor(ahead / 2)) end
  n = math.min(n, math.max(1, math.floor((now + ahead - first) / spacing)))
  tat = first + n * spacing
elseif tat > now then -- no rate, but the upstream wants to be left alone
  return later('rate', tat - now)
end
if n < wanted then short(0) end

redis.call('HSET', KEYS[1], 'factor', factor, 'factor_at', string.format('%.0f', now), 'tat', string.format('%.0f', tat))
redis.call('PEXPIRE', KEYS[1], 259200000)
if concurrency > 0 then
  for i = 1, n do
    redis.call('ZADD', KEYS[2], first + (i - 1) * spacing + tonumber(ARGV[6]), ARGV[7] .. i)
  end
  redis.call('PEXPIRE', KEYS[2], 3600000)
end
return {n, math.floor(first - now), math.floor(spacing), 'ok', 0, math.floor(factor * 1000000)}
