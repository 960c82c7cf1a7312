### The overview: what is under way, how fast upstreams answer, what is left of the quotas, how the house does.

overview_fresh = Nothing has been asked yet
overview_fresh_body = Submit a first batch, and this page shows how far it is, how fast it goes and what is left of the quotas.

## figures

lookups_today = Lookups today
answered = { $percent } answered
none_today = none yet today
now = Now
nothing_runs = nothing is running
being_measured = being measured
nothing_asked_now = no calls at the moment
of_limits = { $percent } of the limits, { $limit }
p95 = p95 { $most }
last_hour = last hour
last_day = last 24 hours
no_calls_hour = No calls in the last hour
no_calls_day = No calls in the last 24 hours
saved = Saved by earlier readings
lookups_saved = lookups today

## batches

under_way = Under way
none_under_way = Nothing is under way.
more_under_way =
    { $count ->
        [one] { $shown } more under way
       *[other] { $shown } more under way
    }
ended_lately = Ended lately
goes_on = goes on { $at }
failed_count = { $shown } failed
end_and_why = End

## pictures

lookups_a_second = Lookups a second
errors_chart = Failed
window = Window
window_hour = Hour
window_day = Day
limit_line = the limit
without_calls =
    { $count ->
        [one] { $count } lookup was answered without a call.
       *[other] { $count } lookups were answered without a call.
    }
nothing_asked = nothing asked
failed_share = { $percent } failed
chart_summary = { $window }: { $shown } lookups asked, { $most } at most, { $failed } failed. Gaps are times in which nothing was asked.

## upstreams

upstreams = Upstreams
upstream = Upstream
readings = Readings
mean_time = Mean
p95_time = 95 % within
p95_time_hint = 95 of 100 answers came within this time
no_call_needed = answers without a call
no_calls_here = no calls in this time

## quotas

quota_today = Quota today
no_quotas = No account in use has a quota.
to_accounts = Accounts
calls_left =
    { $count ->
        [one] { $shown } call left
       *[other] { $shown } calls left
    }
month_quota = Month

## health

house_health = Health
workers = Workers
in_queue = Queue
scheduler = Scheduler
redis = Redis
database = Database
unknown_without_redis = – Redis does not answer
no_workers = none: nothing is worked on
workers_busy = { $count }, { $busy } busy
queue_empty = empty
slices_waiting =
    { $count ->
        [one] { $shown } slice
       *[other] { $shown } slices
    }
slices_oldest =
    { $count ->
        [one] { $shown } slice, oldest { $oldest }
       *[other] { $shown } slices, oldest { $oldest }
    }
not_served = no worker serves what waits
scheduler_well = running
no_scheduler = none: no wait ends
no_chores = nobody does its chores
not_healed = healing does not get through
no_answer = does not answer
answers_within = answers within { $most } ms
answers_late = takes over { $most } ms
slowed_to = slowed down to { $rate }
trouble_credentials = Credentials refused
trouble_newer_database = Database of a newer version
trouble_disk_full = Disk full
trouble_redis_full = Redis full
trouble_wrong_key = Key does not fit
trouble_clock_off = Clock off
trouble_redis_evicts = Redis may throw things away
trouble_disk_low = Disk nearly full
trouble_late_messages = Messages to webhooks are late
