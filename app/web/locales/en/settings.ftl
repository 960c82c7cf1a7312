### Settings: one's own, people, tokens, webhooks, the house.

settings_sections = Sections of the settings
section_me = Me
section_people = People
section_tokens = Tokens
section_webhooks = Webhooks
section_house = This house
not_yours_title = This is for owners and admins
not_yours_body = Ask one of them, or go to your own settings.
st_actions = Actions
once_lead = Copy it now. It is shown this once and cannot be looked up again.
once_copy = Copy
once_copied = Copied

## me

role = Role
workspace = Workspace
role_owner = Owner
role_admin = Admin
role_member = Member
role_viewer = Viewer
theme = Theme
theme_is_light = Light
theme_is_dark = Dark
theme_is_system = As the system
change_password = Change password
change_password_lead = Browsers signed in elsewhere are signed out; this one stays.
old_password = Current password
new_password = New password
old_password_wrong = The current password is not right. Try again.
password_changed = Your password is changed. Other browsers are signed out.
sessions = Sessions
sessions_lead = Browsers in which you are signed in. A session ends 30 days after it was last used.
session_began = Signed in
session_seen = Last seen
session_ends = Ends at the latest
session_this = this browser
session_end = Sign out
session_end_others = Sign out all others
sessions_ended = { $count ->
    [one] 1 session ended.
   *[other] { $count } sessions ended.
}
no_sessions = Signed in nowhere.

## people

people_lead = Who may sign in to this workspace. Owners and admins manage it; members submit batches; viewers look.
person_since = Since
that_is_you = you
add_person = Add a person
role_hint = Members submit batches; viewers only look.
password_or_none = Left empty, one is made and shown once.
person_added = { $name } is added.
password_of = Password of { $name }
role_changed = { $name }: { $role } now.
reset_password = New password
reset_ask = Give { $name } a new password?
reset_body = It is made here and shown once. Browsers signed in with the old one are signed out.
remove_person = Remove
remove_ask = Remove { $name }?
remove_body = Sessions and tokens of this person end at once. The batches stay.
person_removed = { $name } is removed.

## tokens

tokens_lead = What programs show instead of a password. A token may no more than whoever it belongs to.
token_name = Name
token_name_hint = What it is for, as “nightly export”.
token_whose = Whose
token_used = Last used
token_ends = Expires
token_since = Made
token_nobody = nobody’s
token_active = active
token_expired = expired
token_revoked = revoked
never_used = never
scopes = Scopes
scope_read = read
scope_submit = submit
scope_admin = admin
scope_read_hint = Look at batches and take results away.
scope_submit_hint = Make batches, pause, resume, cancel, retry.
scope_admin_hint = Manage people, tokens, webhooks and accounts.
lasts_30 = in 30 days
lasts_90 = in 90 days
lasts_365 = in a year
lasts_0 = never
make_token = Make a token
token_made = Token “{ $name }”
no_tokens_title = No tokens yet
no_tokens_body = Make one for a script or a program that uses the API.
revoke = Revoke
revoke_ask = Revoke “{ $name }”?
revoke_body = Programs that use it are refused from now on. This cannot be undone.
token_gone = “{ $name }” is revoked.

## webhooks

webhooks_lead = Addresses that are told what happens to batches of this workspace, signed as Standard Webhooks has it.
make_hook = Add a webhook
hook_url = Address
hook_url_hint = An https:// or http:// address that is reached from this house.
hook_description = Description
hook_events = Tell it of
event_batch_completed = completed batches
event_batch_cancelled = cancelled batches
event_batch_waiting = batches that have to wait
event_batch_readings = readings, as they come
event_webhook_test = test
hook_on = active
hook_off = paused
hook_off_person = Paused by a person.
hook_off_gone = The receiver said that it is gone (410), so it was switched off.
hook_made = Signing secret of the new webhook
hook_rotated = New signing secret
hook_paused = The webhook is paused. Messages wait.
hook_resumed = The webhook goes on where it was.
hook_pause = Pause
hook_resume = Resume
hook_test = Test
hook_remove = Remove
hook_removed = The webhook is removed.
hook_remove_ask = Remove this webhook?
hook_remove_body = It is told nothing more, and what it was told is forgotten.
rotate = New secret
rotate_ask = Make a new signing secret?
rotate_body = It is shown once. The old one signs beside it for 24 hours.
test_sent = A test message is on its way.
deliveries = Deliveries
no_deliveries = It has not been told anything yet.
delivery_pending = pending
delivery_delivered = delivered
delivery_failed = failed
due_at = next try { $at }
tried_times = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
try_no_answer = no answer
resend = Send again
resent = It is tried again.
no_hooks_title = No webhooks yet
no_hooks_body = Add an address to be told when a batch ends.

## house

version = Version
retention = Retention
retention_lead = Days count from the end of a batch, and nothing of one that goes on is cleared away. A reading that is gone answers no other batch.
kept_batches = Batches, their counts and names
kept_batches_for = until they are forgotten
kept_events = Activity, and failures that were retried
kept_readings = Readings
kept_items = Keywords
kept_ever = without end
kept_days = { $days } days after the end
kept_deliveries = Deliveries of webhooks
kept_deliveries_for = 30 days after they ended
kept_sessions = Sessions
kept_sessions_for = 30 days after they were last used
kept_counts = What upstreams said, by the minute
kept_counts_for = 8 days
kept_keys = Answers to an Idempotency-Key
kept_keys_for = 24 hours
settings_in_force = Settings in force
settings_lead = Read at start from the environment and .env. Secrets are not shown; addresses without users and passwords.
setting = Setting
setting_value = Value
setting_from = From
setting_is_set = set
setting_default = default
secret_set = set, not shown
secret_unset = not set
limits_of_sources = Limits and keys of upstreams are on the page Sources
setting_host = Address to listen on; others than loopback only with PUBLIC_URL and ENCRYPTION_KEY, behind a proxy that speaks TLS.
setting_port = Port of the page, the API and /rq.
setting_public_url = The address that people use, if not http://HOST:PORT.
setting_data_dir = Folder of the embedded database, Valkey and its log.
setting_database_url = Database; empty = SQLite in the data folder.
setting_redis_url = Redis; empty = an embedded Valkey in the data folder.
setting_encryption_key = Seals stored credentials; empty = one is made in the data folder.
setting_webhooks_allow = Private networks that webhooks may reach; empty = public addresses only.
setting_workers = Worker processes on this machine.
setting_api_rate = Requests to the API by each token and each session.
setting_older_sources = Sources that clients of the older batch guide ask.
setting_older_clients = Whether clients of the older batch guide need a token.
setting_log_format = auto = text on a terminal, JSON otherwise.
setting_log_level = Least level that is logged.
setting_proxies = Networks of reverse proxies that are believed when they say who asks; empty = nobody.
setting_wait_s = Seconds that a process waits at its start for database and Redis.
setting_metrics_token = What Prometheus shows at /metrics; empty = a token with scope admin is needed.
setting_traces_url = Where traces go (OTLP over HTTP); empty = none are made.
setting_oidc_issuer = Issuer that people may sign in with (OpenID Connect); empty = passwords only.
setting_oidc_client_id = What the issuer calls this house.
setting_oidc_client_secret = The house’s secret at the issuer.
setting_oidc_title = What the sign-in page calls the issuer; empty = its host.
setting_oidc_role = Role of those whom the issuer knows and the house does not yet; none = they are not let in.
setting_oidc_roles_claim = Claim that holds somebody’s groups.
setting_oidc_roles = Roles by group; the first that fits counts.
setting_keep_events_days = Days that superseded readings and acts of ended batches are kept; empty = for ever.
setting_keep_readings_days = Days that readings of ended batches are kept; empty = for ever.
setting_keep_items_days = Days that keywords of ended batches are kept, and with them readings; empty = for ever.
