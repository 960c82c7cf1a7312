### The table of results: its tools, its rows, what is done with them.

## search, filters, columns

search_rows = Keyword, or Korean initials
search_rows_label = Search keywords; Korean initial consonants alone are enough.
add_filter = Filter
remove_filter = Remove filter
filter_column = Column
filter_condition = Condition
filter_number = Number
filter_states = State is one of
value_range = range
value_none = no value
value_not_one = not a single number
filter_no_column = Pick a column.
filter_no_state = Tick at least one state.
filter_no_number = Give a number to compare with, such as 1000 or 0.5.
table_columns = Columns
all_columns = All columns, as they come
column_left = Further left
column_right = Further right
clear_filters = Clear filters and search
newer = { $count ->
    [one] 1 new result
   *[other] { $shown } new results
}
show_newer = Show

## rows

row_number = Order of input
pick_page = Select all rows of this page
pick_row = Select row
rows_span = { $rows } of { $of } rows
rows_some = { $rows } rows
rows_some_of = { $rows } rows, { $of } in all
go_to_row = Go to row
table_keys = j k move · Enter open · Space select · Ctrl+C copy
nothing_matches = No row matches
nothing_matches_body = Clear the filters or the search to see every row again.
beyond_the_end = There are no rows here
beyond_the_end_body = The row number in the address is beyond the last row of this batch.
bad_view_title = This batch cannot be shown like that
plain_table = Show the plain table

## kept views

kept_views = Saved views
no_views = No view has been saved yet.
keep_view_as = Save this view as
keep_view = Save
view_kept = View “{ $name }” saved.
view_forgotten = View “{ $name }” deleted.
forget_view = Delete view
undo_forget = Undo

## a row

row_detail = Row in detail
row_before = Previous row
row_after = Next row
close_row = Close (Esc)
asked_as = Asked as:
row_merged = { $count ->
    [one] 1 equal line was merged into it
   *[other] { $shown } equal lines were merged into it
}
fact_observed_at = Measured
fact_from_cache = Source
from_cache_yes = an earlier reading, used again
fact_attempts = Attempts
fact_account = Account
fact_answer_time = Answer time
raw_data = What came with it
measurements = Measurements
line_says = { $count ->
    [one] 1 measurement over time
   *[other] { $shown } measurements over time
}

## selected rows

rows_picked = selected
all_matching_picked = All rows that match:
pick_all_matching = Select all rows that match
unpick = Clear selection
copy_rows = Copy
copy_page = Copy this page (TSV)
rows_copied = 0 rows copied, ready to paste into a spreadsheet.
rows_not_copied = The browser does not allow copying.
retry_failed_rows = Retry failed
retry_affects = { $count ->
    [one] 1 failed lookup of these rows will be asked again.
   *[other] { $shown } failed lookups of these rows will be asked again.
}
rows_retried = { $count ->
    [one] 1 failed lookup is asked again.
   *[other] { $shown } failed lookups are asked again.
}
export_rows = Export
format_csv = spreadsheets, text
format_xlsx = Excel workbook
format_jsonl = for programs, one a line
format_parquet = for data analysis
batch_of_rows = New batch from these
batch_affects = { $count ->
    [one] A new batch of 1 keyword.
   *[other] A new batch of { $shown } keywords.
}
