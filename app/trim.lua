-- Forget the jobs that a registry of ended ones would forget first. One atomic step, so that a job which is enqueued again
-- under its id, and left the registry for that, is not touched.
-- KEYS[1] the registry (a sorted set of job ids, by when they are forgotten); ARGV[1] how many.
local ids = redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)
for _, id in ipairs(ids) do
  redis.call('UNLINK', 'rq:job:' .. id, 'rq:results:' .. id, 'rq:job:' .. id .. ':dependents',
    'rq:job:' .. id .. ':dependencies', 'rq:executions:' .. id)
  redis.call('ZREM', KEYS[1], id)
end
return #ids
