-- An upstream wants to be left alone for a while: no slot before then.
-- KEYS[1] account state (hash)   ARGV: 1 for how long          Unit: microseconds of this Redis' clock.
local t = redis.call('TIME')
local till = t[1] * 1000000 + t[2] + tonumber(ARGV[1])
local tat = tonumber(redis.call('HGET', KEYS[1], 'tat')) or 0
if till > tat then redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', till)) end
redis.call('PEXPIRE', KEYS[1], 259200000)
return 1
