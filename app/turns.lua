-- Put the jobs of a queue in the order of turns: owners take turns, and within an owner's turns his batches do. The
-- order among an owner's jobs of one batch stays. One atomic step; a job enqueued later is put in its place again.
-- KEYS[1] the queue's list of job ids: b<batch>-<source>-l<lane>-g<generation>[-<owner>]; others stay in front.
local ids = redis.call('LRANGE', KEYS[1], 0, -1)
local front, owners, batches_of, jobs_of = {}, {}, {}, {}
for _, id in ipairs(ids) do
  local batch, owner = string.match(id, '^b(%d+)%-[%w_]+%-l%d+%-g%d+%-?(.*)$')
  if not batch then
    front[#front + 1] = id
  else
    if not batches_of[owner] then owners[#owners + 1] = owner; batches_of[owner] = {} end
    if not jobs_of[batch] then table.insert(batches_of[owner], batch); jobs_of[batch] = {} end
    table.insert(jobs_of[batch], id)
  end
end
-- Takes one from each list in turn, again and again, until all are empty.
local function in_turn(lists)
  local taken, round, more = {}, 1, true
  while more do
    more = false
    for _, list in ipairs(lists) do
      if list[round] then taken[#taken + 1] = list[round]; more = true end
    end
    round = round + 1
  end
  return taken
end
local by_owner = {}
for _, owner in ipairs(owners) do
  local by_batch = {}
  for _, batch in ipairs(batches_of[owner]) do by_batch[#by_batch + 1] = jobs_of[batch] end
  by_owner[#by_owner + 1] = in_turn(by_batch)
end
local order = in_turn(by_owner)
if #order < 2 then return #ids end
redis.call('DEL', KEYS[1])
for _, id in ipairs(front) do redis.call('RPUSH', KEYS[1], id) end
for _, id in ipairs(order) do redis.call('RPUSH', KEYS[1], id) end
return #ids
