### The list of batches: filters, the table, verbs for many.

## filters

list_filters = Filters
filters_set = Filters that are set
list_drop_filter = Remove this filter
list_clear = Clear filters
search_by_name = Search by name
by_source = Source
by_owner = Owner
by_tag = Tag
by_time = Time
by_from = From
by_to = To
by_q = Name
any_source = Any source
any_owner = Any owner
any_tag = Any tag
any_time = Any time
time_today = Today
time_7d = Last 7 days
time_30d = Last 30 days
list_days = Days

## table

percent_done = Per cent
list_end = End
list_expected = exp.
expected_at = Expected { $at }
goes_on_at = { $state }, goes on { $at }
list_choose = Choose
choose_page = Choose all on this page
list_newer = Newer
list_news = { $count ->
    [one] 1 new · show
   *[other] { $count } new · show
}
list_changed = The list has changed · show
none_match_title = No batch matches
none_match_body = Other filters, or none, show more.

## verbs for many

chosen_batches = Chosen batches
chosen_count = { $count ->
    [one] 1 chosen
   *[other] { $count } chosen
}
choose_none = Choose none
all_that_match = { $count ->
    [one] Choose the 1 that matches
   *[other] Choose all { $count } that match
}
newest_that_match = Choose the newest { $count } that match
all_chosen_count = { $count ->
    [one] 1 that matches is chosen
   *[other] All { $count } that match are chosen
}
bulk_never = Never mind
bulk_pause = Pause
bulk_resume = Resume
bulk_cancel = Cancel
bulk_retry = Retry failed
bulk_tag = Add tag
bulk_untag = Remove tag
bulk_ask_pause = { $count ->
    [one] Pause 1 batch?
   *[other] Pause { $count } batches?
}
bulk_ask_resume = { $count ->
    [one] Resume 1 batch?
   *[other] Resume { $count } batches?
}
bulk_ask_cancel = { $count ->
    [one] Cancel 1 batch? What was read is kept.
   *[other] Cancel { $count } batches? What was read is kept.
}
bulk_ask_retry = { $count ->
    [one] Retry the failed lookups of 1 batch?
   *[other] Retry the failed lookups of { $count } batches?
}
bulk_ask_tag = { $count ->
    [one] Add a tag to 1 batch
   *[other] Add a tag to { $count } batches
}
bulk_ask_untag = { $count ->
    [one] Remove a tag from 1 batch
   *[other] Remove a tag from { $count } batches
}
bulk_none_pause = None of them can be paused
bulk_none_resume = None of them can be resumed
bulk_none_cancel = None of them can be cancelled
bulk_none_retry = None of them has anything to retry
affected = { $count ->
    [one] 1 affected: { $states }.
   *[other] { $count } affected: { $states }.
}
others_pause = { $count ->
    [one] 1 other cannot be paused:
   *[other] { $count } others cannot be paused:
}
others_resume = { $count ->
    [one] 1 other cannot be resumed:
   *[other] { $count } others cannot be resumed:
}
others_cancel = { $count ->
    [one] 1 other cannot be cancelled:
   *[other] { $count } others cannot be cancelled:
}
others_retry = { $count ->
    [one] 1 other has nothing to retry:
   *[other] { $count } others have nothing to retry:
}
so_many = { $shown } { $what }
not_unfailed = without failures
not_gone = no longer there
more_refused = { $count ->
    [one] And 1 more.
   *[other] And { $count } more.
}
bulk_doing = { $done } of { $count } done …
bulk_did_pause = { $count ->
    [one] 1 batch paused.
   *[other] { $count } batches paused.
}
bulk_did_resume = { $count ->
    [one] 1 batch resumed.
   *[other] { $count } batches resumed.
}
bulk_did_cancel = { $count ->
    [one] 1 batch cancelled.
   *[other] { $count } batches cancelled.
}
bulk_did_retry = { $count ->
    [one] The failed lookups of 1 batch are asked again.
   *[other] The failed lookups of { $count } batches are asked again.
}
bulk_did_tag = { $count ->
    [one] 1 batch tagged “{ $tag }”.
   *[other] { $count } batches tagged “{ $tag }”.
}
bulk_did_untag = { $count ->
    [one] “{ $tag }” removed from 1 batch.
   *[other] “{ $tag }” removed from { $count } batches.
}
bulk_unchanged = Nothing to change: they are so already.
bulk_refused = { $count ->
    [one] 1 was left as it is. { $why }
   *[other] { $count } were left as they are. { $why }
}
