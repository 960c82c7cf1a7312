### The ops page: workers, queues, lanes, what broke, what is held up.

ops_lead = Who works on what, what waits, and what went wrong.
open_rq = Open rq-dashboard
redis_away_title = Redis does not answer
redis_away_body = Workers, queues and failed jobs are not known until it is back. Work goes on by itself then; nothing is lost.
database_away_title = The database does not answer
database_away_body = Lanes, halts and messages are not known until it is back.
members_only_health = Jobs one by one are shown to owners and admins.

## workers

worker = Worker
host = Host
pid = PID
doing = Working on
busy_since = Since
seen = Last seen
jobs_done = Jobs
state_idle = idle
state_busy = busy
state_started = starting
state_suspended = suspended
of_another_workspace = another workspace
chores = chores
no_worker_there = No worker has registered. Start some: python -m app worker (make run starts its own).

## queues

queues = Queues
waiting_jobs = Waiting
oldest_job = Oldest
failed_jobs_week = Failed in a week
no_queue = Nothing has been queued yet.

## slices

slices_under_way = Slices under way
lane = Lane
held = Held
lease = Lease
lane_number = { $lane }, run { $generation }
no_lane = No slice is under way.
idle_lanes =
    { $count ->
        [one] { $shown } free lane
       *[other] { $shown } free lanes
    }
slices_queued = Slices waiting
batch_word = Batch
source_word = Source
queue_word = Queue
waits_since = Waits
no_slice_waits = Nothing waits.
first_of = the first { $most } of { $shown }

## failed jobs

failed_jobs = Failed jobs
failed_jobs_lead = What a broken job left is worked on again by itself; this is for finding out why it broke.
went_wrong_with = What went wrong
when_failed = When
no_failed = No job has broken within a week.
newest_of = the newest { $most } of { $shown }
not_said = it left no word

## halts

halts = Accounts that are not asked
account_word = Account
reason_word = Reason
until_word = Until
no_halts = Every account may be asked.
probed_at = tried again { $at }

## scheduler and courier

timekeeping = Scheduler and courier
last_heal = Last healing
ago = { $span } ago
never_heard = – not heard of
schedulers = Schedulers
messages_pending = Messages waiting
messages_late = of these late
messages_late_since = { $shown }, oldest since { $span }
messages_failed = Given up in 24 hours

## troubles

troubles = What is wrong
mend_database_down = See that it runs and that KEYBATCH_DATABASE_URL is right. Slices keep what they have read and store it once it is back.
mend_newer_database = Programs named here are older than the tables and write nothing. Upgrade Keybatch there and start it again.
mend_disk_full = Free some room there. Slices keep what they have read and store it then; new batches are refused until there is room.
mend_redis_down = See that it runs and that KEYBATCH_REDIS_URL is right. Nothing is lost; calls go on once it is back.
mend_redis_full = Raise its maxmemory, or remove what others keep in it. Calls wait until then; nothing is lost.
mend_no_workers = Start workers: python -m app worker.
mend_no_chores = One worker of each pool does the house's chores, as healing. Start a pool: python -m app worker.
mend_no_scheduler = Start one, or several on several machines: python -m app scheduler.
mend_not_healed = A scheduler and workers are there, but healing has not come through for 30 s. The log of the workers says why.
mend_not_served = Work waits for an upstream that no worker serves. Start a pool that does, or one without --upstreams.
mend_wrong_key = Put the key they were sealed with back into KEYBATCH_ENCRYPTION_KEY on the host named here (old keys may follow after a comma) and start it again. Until then their batches wait.
mend_clock_off = Its processes go by Redis' clock meanwhile, so nothing is lost. Set the clock there (chrony, systemd-timesyncd); if every host is off by the same, set that of Redis.
mend_credentials = An upstream refuses an account. Enter its credentials anew under sources and accounts.
mend_redis_evicts = Set its maxmemory-policy to noeviction. As it is, it may throw away queues and what has been called, and limits could be passed.
mend_disk_low = Free some room there before it is full.
mend_late_messages = A scheduler brings messages to webhooks; see that one runs, and what the receivers answer (settings, webhooks).

## hosts

hosts = Hosts and processes
process = Process
clock = Clock
disk = Disk
clock_right = right
clock_unknown = –
room_left = { $free } of { $size } free
no_process = No process has told of itself.
process_web = web
process_workers = workers
process_scheduler = scheduler
scheduler_active = active
scheduler_stands_by = stands by
redis_memory = Redis memory
memory_unlimited = { $used }, no limit of its own
memory_of = { $used } of { $most }
memory_unknown = – Redis does not tell
