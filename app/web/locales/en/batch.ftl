### One batch: its head, its verbs, its tabs.

batch_parts = Parts of the batch
tab_results = Results
tab_failures = Failures
tab_charts = Charts
tab_activity = Activity
tab_api = API

## head

about_size = { $items ->
    [one] 1 keyword
   *[other] { $items } keywords
} × { $sources ->
    [one] 1 source
   *[other] { $sources } sources
}
about_submit = submitted { $at }{ $owned ->
    [1] {" "}by { $name }
   *[other] {""}
}
about_goes_on = goes on { $at }
about_deadline = deadline
rename = Rename
save_name = Save
leave_form = Never mind (Esc)
tag = Tag
untag = Remove tag
notify_me = Notify me when it ends
notice_completed = “{ $name }” is completed: { $done } lookups, { $failed } failed.
notice_cancelled = “{ $name }” is cancelled; { $done } lookups are kept.

## verbs

retry_failed = { $count ->
    [one] Retry 1 failed
   *[other] Retry { $count } failed
}
export = Export
share = Copy link
export_lead = As the batch stands now, also while it runs.
export_file = File
export_wide = wide
export_long = long
export_wide_hint = one row a keyword, one column a source
export_long_hint = one row a reading, with when and where from
export_excel = CSV for Excel
export_csv = CSV
export_tsv = TSV
export_jsonl = JSON lines
export_xlsx = XLSX
export_parquet = Parquet
did_pause = Paused. What was read is kept.
did_resume = It goes on.
did_cancel = Cancelled. What was read is kept.
did_rename = Renamed.
copied = Copied.
copied_link = The link is on the clipboard, with tab, filter and sort.
not_copied = The browser did not let this be copied.

## figures

limit_is = limit { $limit }
limit_part = { $percent }% of the limit, { $limit }
binds_days = the daily quota decides, { $days ->
    [one] 1 midnight
   *[other] { $days } midnights
} away
left_renewed = { $quota } again { $at }
answer_time = Answer time
answer_none = no call yet
answer_gone = not kept any more
since = running for { $span }
of_these_cached = of these from earlier readings

## why

why_cancelling = Calls under way are being finished; then it is cancelled. What was read is kept.
why_no_workers = No worker is running, so nothing can be asked. Start one with “python -m app worker”, or everything with “make run”.
why_queued = { $count ->
    [one] Waiting for its turn: the one worker is busy with other batches.
   *[other] Waiting for its turn: all { $count } workers are busy, or have not looked yet.
}

## failures

no_failures_title = Nothing has failed
no_failures_body = Every lookup so far has an answer. What fails is listed here by source and kind, with the way to ask it again.
advice_unreachable = Usually passes: retry when the upstream is well again.
advice_unreadable = The upstream said something unexpected. Try the first 100; if they fail again, it has changed its answers.
advice_rejected = The upstream will refuse these keywords again. Correct them and submit them anew.
failed_sample = For example
sample_more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
see_rows = See rows
canary_hint = Asks the first 100 only, to see whether it helps before all are asked

## charts

chart_spread = { $source }: how its values are spread
chart_cloud = { $y } against { $x }
chart_progress = Readings over time
chart_beside = { $ok } values. Not drawn, because they are no numbers: { $below } below a threshold, { $missing } not in the answer, { $failed } failed, { $unread } not asked.
chart_log = Each step to the right is two to two and a half times the one before; zero stands apart.
chart_no_value = There is no value yet.
chart_withheld = The settings of this upstream show its values to nobody.
chart_no_pair = No keyword has a value of both sources yet.
chart_all_rows = { $dots } of { $of } keywords, a dot each.
chart_sampled = { $dots } dots of { $rows } keywords, taken evenly from { $of }.
chart_left_out = Left out, because they are no numbers: { $below } below a threshold, { $missing } not in the answer, { $failed } failed, { $unread } not asked.
chart_zero_strip = Zero has no place on such a scale: it stands in a strip of its own at the edge.
chart_median = { $source }, median
chart_progress_note = { $count } readings of { $lookups } lookups; a retried one counts again.
chart_gaps = { $count ->
    [one] Once nothing was read for a while: a gap, not a line.
   *[other] { $count } times nothing was read for a while: gaps, not lines.
}
chart_untimed = Earlier readings answered everything, so no reading has a time of its own in this batch.
axis_value = Value
axis_keywords = Keywords
axis_time = Time (KST)
axis_readings = Readings
axis_x = Across
axis_y = Up
chart_from = From
chart_until = Until
under_zero = under 0
as_table = As a table
no_charts_title = Nothing to draw yet
no_charts_body = As soon as the first readings are in, their spread, their relation and the batch's course are drawn here.

## activity

by_house = Keybatch itself
by_cli = command line
by_anyone = anyone (no token)
act_submit = Submitted: { $items ->
    [one] 1 keyword
   *[other] { $items } keywords
} × { $sources ->
    [one] 1 source
   *[other] { $sources } sources
}
act_submit_again = Submitted anew, as a rerun of
act_pause = Paused
act_resume = Resumed
act_cancel = Cancelled
act_expire = Cancelled, because its deadline had come
act_retry = { $lookups ->
    [one] Retried 1 failed lookup
   *[other] Retried { $lookups } failed lookups
}{ $narrow ->
    [1] {" "}({ $which })
   *[other] {""}
}
act_rerun = Run again, as
act_rename = Renamed from “{ $before }” to “{ $name }”
act_tag = Tagged “{ $tag }”
act_untag = Tag “{ $tag }” removed
act_requeue = Queued a failed slice again ({ $which })
act_discard = Deleted the record of an ended slice ({ $which })
act_columns = { $count ->
    [0] Worked-out columns taken away
    [one] 1 worked-out column set
   *[other] { $count } worked-out columns set
}
act_export = Exported as { $format }: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
}
act_waiting = Waits for { $account }
act_waiting_quota = Waits for the quota of { $account }, until { $until }
act_waiting_upstream_down = Waits: the upstream of { $account } does not answer
act_waiting_credentials = Waits: the credentials of { $account } are refused
act_waiting_throttled = Waits: { $account } was asked for a pause, until { $until }
act_running = Goes on with { $account }
act_purge_events = Earlier activity and retried failures cleared away, { $days } days after the end
act_purge_readings = Readings cleared away, { $days } days after the end
act_purge_items = Keywords cleared away, { $days } days after the end
act_forget_batch = Forgot batch { $number }, “{ $name }”
act_completed = Completed{ $failed ->
    [0] {""}
   *[other] , { $failed } failed
}
no_acts_title = Nothing was put down
no_acts_body = What people and the house do to this batch is listed here, with who and when.
older_acts = Older
newest_acts = Newest

## API

api_lead = The calls that do over HTTP what this page does. They hold no secret: the first one asks for your token, unseen.
api_tokens = Tokens
api_docs = API documentation
copy = Copy
curl_setup = Address and token
curl_setup_note = Once a shell. Make a token under Settings; paste it when the line waits for it.
curl_submit = Submit keywords to the same sources
curl_submit_note = A file with one keyword a line; the options are those of this batch.
curl_look = Look
curl_look_note = State, counts, speed, end and what decides it.
curl_events = Follow
curl_events_note = Every reading as it is stored (Server-Sent Events); a Last-Event-ID header goes on where it stopped.
curl_export = Export
curl_export_note = CSV for Excel; format may be csv, jsonl, xlsx or parquet, layout wide or long.
curl_retry = Retry
curl_retry_note = The first 100 failures; without the body, all of them.
curl_cancel = Cancel
curl_cancel_note = What was read is kept; resume goes on where it stopped.
