-- Give back slots that were taken and not used for a call. Their place in time is gone; the day's count is not.
-- KEYS[1] account state (hash)   ARGV: 1 how many  2 start of the day they were counted on (us)
if redis.call('HGET', KEYS[1], 'day') == ARGV[2] then redis.call('HINCRBY', KEYS[1], 'used', -tonumber(ARGV[1])) end
return 1
