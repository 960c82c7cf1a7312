### What several pages say: the frame, states, verbs, the list of batches and a batch.

## frame

brand = Keybatch
batches = Batches
new_batch = New batch
queue = Queue
new_tab = opens in a new tab
navigation = Main menu
skip = Skip to content
live = live
connecting = connecting
reconnecting = reconnecting
stale = stale
queue_away = queue reconnecting
live_hint = New readings appear as they are stored
reconnecting_hint = The connection to the server is gone. It resumes without a gap.
stale_hint = Reading failed; what was read last is shown.
queue_away_hint = Redis does not answer. Stored results are shown; work goes on when it is back.
language = Language
theme_light = Switch to light
theme_dark = Switch to dark
went_wrong = Something went wrong with that. Try again; if it repeats, see the log of the web process, which has this number:
dismiss = Dismiss
loading = Loading

## states

queued = queued
running = running
waiting = waiting
waiting_quota = waiting for quota
waiting_credentials = credentials refused
waiting_upstream_down = waiting for the upstream
waiting_throttled = asked to wait
paused = paused
cancelling = cancelling
cancelled = cancelled
completed = completed
ok = value
below = below threshold
missing = not in answer
withheld = withheld
yes = yes
no = no
failed = failed
pending = not asked yet
cached = earlier readings

## list of batches

batches_lead = Newest first.
name = Name
state = State
progress = Progress
lookups = Lookups
lookups_count = lookups
failures = Failed
submitted = Submitted
no_name = untitled
older = Older
newest = Newest
none_title = No batches yet
none_body = Paste a list of keywords and pick sources; answers show up here as they come in.
none_older = There are no older batches

## new batch

new_lead = Paste keywords, one a line, or drop a TXT, CSV, TSV or XLSX file.
keywords = Keywords
keywords_hint =
    For example
    jeju restaurants
    camping tent
    macbook air
line = line
lines = lines
sources = Sources
no_sources = There are no sources.
unlimited = no limit
offline = offline
needs = needs
options = Options
name_hint = left empty: the first keyword
priority = Priority
high = high
default = default
low = low
max_age = Reuse earlier readings
age_0 = always ask
age_1 = up to 1 day old
age_7 = up to 7 days old
age_30 = up to 30 days old
submit = Submit
submitting = Submitting
preview = Preview
deadline = Deadline (KST)
calls_needed = Calls needed
left_month = this month

## one batch

speed_now = Speed now
speed_mean = Average speed
ends = Ends
ended = Ended
left_today = Calls left today
took = Time taken
running_for = Running for
unknown_yet = working it out
not_started = not started
binds_rate = the rate limit decides
binds_quota = the daily quota decides
binds_upstream_down = the upstream does not answer
binds_credentials = credentials must be corrected
binds_speed = nothing limits it
binds_throttled = the upstream asked for a pause
binds_paused = paused
binds_none = no call is needed
at_once = at once
why_paused = Paused. Resume goes on where it stopped.
why_deadline = Stopped by its deadline. Resume goes on without one.
why_readings_gone = Its readings are not kept any more, since { $at }. The counts stay.
why_items_gone = Its keywords are not kept any more, since { $at }, so it cannot be run again.
why_events_gone = Its activity up to { $at }, and failures that were retried before, are not kept any more.
gone_title = The readings are not kept any more
gone_body = They were cleared away on { $at }, when their time was over. The counts above stay; the keywords are still there, so the batch can be run again.
gone_body_all = They were cleared away on { $at }, when their time was over, and so were the keywords. The counts above stay.
why_late = It will probably not end before its deadline, { $at }.
why_cut = The upstream asked to slow down: going at { $percent }% of the limit, and back up step by step.
why_quota = { $upstream }: the quota is used up. It goes on by itself { $at }.
why_upstream_down = { $upstream } does not answer. One call at a time finds out when it does; then it goes on by itself. No lookup has failed for it.
why_credentials = { $upstream } refuses the credentials, so nothing is asked. Correct them on the page Sources, or in the settings and restart; it goes on then.
why_throttled = { $upstream } asked for a pause. It goes on by itself { $at }.
retry_all = Retry all
retry_first = First { $count } only
retry_these = Retry these
retried = { $count ->
    [one] One failed lookup is asked again.
   *[other] { $count } failed lookups are asked again.
}
means_unreachable = no answer
means_unreadable = an answer that could not be understood
means_rejected = refused by the upstream
pause = Pause
resume = Resume
rerun = Rerun
results = Results
by_position = In order
newest_first = Newest first
keyword = Keyword
first_page = First
previous_page = Previous
next_page = Next
last_page = Last
pages = Pages
download = Download CSV
cancel = Cancel
cancel_sure = Cancel it? What was read is kept.
cancel_yes = Yes, cancel
cancel_no = Keep going
derived = Worked-out columns
derived_none = There is no worked-out column yet.
derived_ratio = Documents of the competition ratio
bands = bands
derived_title = Title
derived_formula = Formula
derived_names = Columns to name:
apply = Apply
add = Add
nothing_read = Nothing has been read yet. It will appear here.
no_batch_title = There is no such batch
no_batch_body = Check the number in the address, or pick one from the list.
no_page_title = There is no such page
no_page_body = Check the address, or go to the list of batches.
all_batches = All batches
unread_title = It cannot be read right now
retrying = Trying again all the while.
accepted = accepted
merged = merged
rejected = rejected
repaired = repaired
rejected_lines = Lines that were not taken
too_long = too long
empty_after_cleaning = no visible character
