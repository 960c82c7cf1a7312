-- An upstream said "too fast": halve the account's rate (once a second at most, for many calls in flight hear it
-- together) and leave a pause, a longer one each time it says so again.
-- KEYS[1] account state (hash)   ARGV: 1 lowest factor * 1e6  2 part of the limit that a cut rate regains a second, * 1e6
--       3 how long without a cut before pauses begin anew  4… the pauses after the first cut, the second …
-- Unit: microseconds of this Redis' clock.
-- Result: {factor * 1e6, pause}
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local state = redis.call('HMGET', KEYS[1], 'tat', 'factor', 'factor_at', 'cut_at', 'cuts')
local factor, cuts = tonumber(state[2]) or 1, tonumber(state[5]) or 0
if factor < 1 then
  factor = math.min(1, factor + (now - tonumber(state[3])) / 1000000 * tonumber(ARGV[2]) / 1000000)
end
local since = now - (tonumber(state[4]) or 0)
if since >= 1000000 then
  factor = math.max(tonumber(ARGV[1]) / 1000000, factor / 2)
  if since > tonumber(ARGV[3]) then cuts = 0 end
  cuts = cuts + 1
  redis.call('HSET', KEYS[1], 'cut_at', string.format('%.0f', now), 'cuts', cuts)
end
local pause = tonumber(ARGV[math.min(3 + math.max(cuts, 1), #ARGV)])
local tat = math.max(tonumber(state[1]) or 0, now + pause)
redis.call('HSET', KEYS[1], 'factor', factor, 'factor_at', string.format('%.0f', now), 'tat', string.format('%.0f', tat))
redis.call('PEXPIRE', KEYS[1], 259200000)
return {math.floor(factor * 1000000), pause}
