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
