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
health_counts = { $workers ->
    [one] 1 worker
   *[other] { $workers } workers
} · { $queued } in queue
alarm_database_down = the database does not answer
alarm_redis_down = Redis does not answer
alarm_no_workers = no worker is there
alarm_no_chores = no worker does the house's chores
alarm_no_scheduler = no scheduler is there
alarm_not_healed = healing is late
alarm_not_served = a queue waits that no worker serves
alarm_credentials = credentials are refused
alarm_newer_database = the database is of a newer version
alarm_disk_full = a disk is full
alarm_redis_full = Redis is full
alarm_wrong_key = a key does not open stored credentials
alarm_clock_off = a host's clock is off
alarm_redis_evicts = Redis may throw away what it holds
alarm_disk_low = a disk is nearly full
alarm_late_messages = messages to webhooks are late
