### The frame: rail, top bar, palette, keys.

page_overview = Overview
page_batches = Batches
page_new = New batch
page_sources = Sources & accounts
page_ops = Ops
page_settings = Settings
search_or_go = Search or go to
palette_hint = Find a batch, a page, something to do
this_page = On this page
go_to = Go to, and settings
nothing_found = Nothing like that.
shortcuts = Keys
other_language = In Korean
other_theme = Switch light and dark
my_account = My account
my_settings = My settings
offline_now = offline
key_palette = search or go to
key_search = search on this page
key_rows = next row, previous row
key_open = open the row
key_submit = submit the new batch
key_close = close
undo = Undo
health_fine = everything healthy
health_trouble = something needs a look
health_counts = { $workers ->
    [one] 1 worker
   *[other] { $workers } workers
} · { $queued } in queue
