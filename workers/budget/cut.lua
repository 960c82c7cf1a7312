-- An upstream said "too fast": halve the account's rate (once a second at most, for many calls in flight hear it
-- together) and leave a pause.
-- KEYS[1] account state (hash)   ARGV: 1 pause  2 lowest factor * 1e6  3 part of the limit that a cut rate regains a
--       second, * 1e6      Unit: microseconds of this Redis' clock.
-- Result: factor * 1e6
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local state = redis.call('HMGET', KEYS[1], 'tat', 'factor', 'factor_at', 'cut_at')
local factor = tonumber(state[2]) or 1
if factor < 1 then
  factor = math.min(1, factor + (now - tonumber(state[3])) / 1000000 * tonumber(ARGV[3]) / 1000000)
end
if now - (tonumber(state[4]) or 0) >= 1000000 then
  factor = math.max(tonumber(ARGV[2]) / 1000000, factor / 2)
  redis.call('HSET', KEYS[1], 'cut_at', string.format('%.0f', now))
end
local tat = math.max(tonumber(state[1]) or 0, now + tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'factor', factor, 'factor_at', string.format('%.0f', now), 'tat', string.format('%.0f', tat))
redis.call('PEXPIRE', KEYS[1], 259200000)
return math.floor(factor * 1000000)
