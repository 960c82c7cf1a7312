-- Take up to n call slots of an account, or say how long to wait. One atomic step.
-- KEYS[1] account state (hash: tat, factor, factor_at, day, used)   KEYS[2] calls under way (zset: token -> deadline)
-- KEYS[3] when this Redis began (string)
-- ARGV: 1 n  2 spacing (0 = no rate)  3 burst  4 concurrency (0 = none)  5 quota (-1 = none)
--       6..8 starts of three calendar days: yesterday, today, tomorrow  9 ledger's count of today (-1 = not given)
--       10 day the ledger's count is of  11 how far ahead slots may lie  12 deadline after a slot for a call under way
--       13 prefix of tokens  14 how long after Redis began slots of before may still be used
--       15 calls that may not have reached the ledger
-- Unit: microseconds of this Redis' clock, always.
-- Result: {granted, wait until the first slot, spacing between slots, reason, seconds-to-wait in us, used, factor * 1e6}
--   granted 0 with reason "rate" | "concurrency" | "quota": ask again after the wait; "ledger": ask again with ARGV 9.
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local n, spacing, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local concurrency, quota = tonumber(ARGV[4]), tonumber(ARGV[5])
local ledger, ledger_day = tonumber(ARGV[9]), tonumber(ARGV[10])
local state = redis.call('HMGET', KEYS[1], 'tat', 'factor', 'factor_at', 'day', 'used')
local tat, day, used = tonumber(state[1]), tonumber(state[4]), tonumber(state[5]) or 0

local factor = tonumber(state[2]) or 1
if factor < 1 then -- a rate that was cut creeps back: a fiftieth of the limit a second
  factor = math.min(1, factor + (now - tonumber(state[3])) / 1000000 * 0.02)
end

local today, tomorrow
if quota >= 0 then
  today, tomorrow = tonumber(ARGV[6]), tonumber(ARGV[7])
  if now >= tonumber(ARGV[8]) then -- the caller's clock is behind
    today, tomorrow = tonumber(ARGV[8]), tonumber(ARGV[8]) + 86400000000
  elseif now >= tonumber(ARGV[7]) then
    today, tomorrow = tonumber(ARGV[7]), tonumber(ARGV[8])
  end
  if not day and (ledger < 0 or ledger_day ~= today) then return {0, 0, 0, 'ledger', 0, 0, 0} end
  if day ~= today then used = 0 end
  if ledger_day == today then
    -- Just seeded from the ledger: calls of the last moment may not be in it yet.
    if not day and ledger > 0 then ledger = ledger + tonumber(ARGV[15]) end
    used = math.max(used, ledger)
  end
  day = today
  redis.call('HSET', KEYS[1], 'day', string.format('%.0f', day), 'used', used)
  redis.call('PEXPIRE', KEYS[1], 259200000)
  if used >= quota then
    return {0, 0, 0, 'quota', tomorrow - now, used, math.floor(factor * 1000000)}
  end
  n = math.min(n, quota - used)
end

if concurrency > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  local free = concurrency - redis.call('ZCARD', KEYS[2])
  if free <= 0 then return {0, 0, 0, 'concurrency', 20000, used, math.floor(factor * 1000000)} end
  n = math.min(n, free)
end

local first = now
if spacing > 0 then
  spacing = spacing / factor
  if not tat then
    -- Nothing is known of earlier calls. Just after Redis began, slots given out before it may still be used.
    local born = tonumber(redis.call('GET', KEYS[3]))
    if not born then
      born = now
      redis.call('SET', KEYS[3], string.format('%.0f', now))
    end
    tat = born + tonumber(ARGV[14])
  end
  first = math.max(tat, now - (burst - 1) * spacing)
  local ahead = tonumber(ARGV[11])
  if first - now > ahead then
    return {0, 0, 0, 'rate', first - now - math.floor(ahead / 2), used, math.floor(factor * 1000000)}
  end
  n = math.min(n, math.max(1, math.floor((now + ahead - first) / spacing)))
  tat = first + n * spacing
else
  spacing = 0
end

used = used + n
local new = {'factor', factor, 'factor_at', string.format('%.0f', now)}
if tat then new[#new + 1] = 'tat'; new[#new + 1] = string.format('%.0f', tat) end
if quota >= 0 then new[#new + 1] = 'used'; new[#new + 1] = used end
redis.call('HSET', KEYS[1], unpack(new))
redis.call('PEXPIRE', KEYS[1], 259200000)
if concurrency > 0 then
  for i = 1, n do
    redis.call('ZADD', KEYS[2], first + (i - 1) * spacing + tonumber(ARGV[12]), ARGV[13] .. i)
  end
  redis.call('PEXPIRE', KEYS[2], 3600000)
end
return {n, math.floor(first - now), math.floor(spacing), 'ok', 0, used, math.floor(factor * 1000000)}
