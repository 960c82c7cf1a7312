-- A call left later than its slot: move the account's next slots back.
-- KEYS[1] account state (hash)   ARGV: 1 by how much          Unit: microseconds.
local tat = tonumber(redis.call('HGET', KEYS[1], 'tat'))
if tat then redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', tat + tonumber(ARGV[1]))) end
return 1
