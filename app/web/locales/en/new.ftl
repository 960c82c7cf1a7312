### The form for a new batch: files, cleaning, previews.

## a file or a table

choose_file = Choose a file
choose_other = Another file
drop_here = Drop it here
file_loading = Reading the file
remove_file = Remove
one_file = One file at a time, please.
text_stays = What was pasted is kept. It is back when the file is taken away.
pasted_table = The pasted table
columns_count = columns: { $count }
column_number = column { $number }
pick_column = Pick the column with the keywords.
others_kept = The other columns are kept beside the keywords.
columns_more = + { $count } more columns
check_table = This is a table of several columns. Check which one holds the keywords, then press again.
sample = The first rows
no_rows = No row can be read.
encoding = Encoding
delimiter = Delimiter
delimiter_none = none (one a line)
delimiter_tab = tab
delimiter_comma = comma ,
delimiter_semicolon = semicolon ;
delimiter_bar = bar |
header = First row
header_yes = column names
header_no = data
sheet = Sheet

## cleaning

tidying = Tidying keywords
tidying_steps = Steps
fixing = Fix as offered
merge_spacing = Merge keywords that differ in spaces only
lone_jamo = Letters that make no syllable
latin_typed = Korean typed in Latin letters
hangul_typed = Latin typed in Korean letters

## preview

typed = Typed
nothing_offered = nothing offered
and_more = and { $count } more
all_lines = Download the lines that were not simply taken
all_lines_first = the first { $count }
no_keyword = no keyword in this row
not_text = not in the file's encoding
nul = a NUL byte in it
extra_cells = more cells than columns
not_json = no line of JSON with a keyword

## sources

other_languages = Other languages: { $count }
pay_with = Account to ask with
not_set_up = key missing
key_missing = Give it credentials first; it needs
left_of_today = { $count } left today
sources_search = Search the sources
sources_unmatched = No source is called so.
to_sources = Sources and accounts →
sources_picked = { $count ->
    [one] 1 source
   *[other] { $count } sources
}
sources_gone = These sources cannot be picked here: { $names }

## what it comes to

cost_and_time = Cost and time
cached_answers = Answered by earlier readings
bound_rate = The rate limit decides when it ends.
bound_quota = The daily quota decides when it ends.
bound_upstream_down = It does not begin while the upstream does not answer.
bound_credentials = It waits until the credentials are corrected.
bound_throttled = The upstream asked for a pause.
bound_speed = Nothing limits it but this machine.
bound_none = No call is needed.
quota_left = { $upstream }: { $calls } calls needed, { $left } left today.
quota_month = { $upstream }: { $left } left this month.
quota_gone = { $upstream }: nothing is left today. It can be submitted; it goes on by itself { $at }.
account_halted = { $upstream }: { $why }.
findings = What will be asked
findings_none = Paste keywords and pick a source: what will be asked shows here as you type.
mode_typing = as you type
mode_pause = long list: when you pause
mode_asked = very long list: press Preview
chip_accepted = { $shown } accepted
chip_merged = { $shown } merged
chip_repaired = { $shown } repaired
chip_rejected = { $shown } rejected
chip_doubtful = { $shown } doubtful
chip_spaced = { $count ->
    [one] 1 group that differs in spaces only
   *[other] { $shown } groups that differ in spaces only
}
what_about = What about it
outcome = Outcome
changed = repaired
fixed = repaired
same_as = the same as keyword { $number }
meant = { $kind }: { $offered }?
as_typed = asked as typed
do_fix = fix these
undo_fix = undo
spacings = Differ in spaces only
merge_them = merge or keep apart
submit_count = { $count ->
    [one] Submit 1 keyword
   *[other] Submit { $shown } keywords
}
made = Batch { $batch } was submitted.

## name, tags, presets

tags = Tags
tags_hint = comma or Enter after each
tag_remove = Remove tag
presets = Presets
presets_none = No presets yet. Keep the sources, options and tags that you use often under a name.
preset_name = Name of a preset
preset_name_wrong = A preset's name has 1 to 80 visible characters.
presets_full = There are 200 presets already. Delete one first.
preset_unknown = There is no preset called { $name }.
preset_keep = Save as
preset_drop = Delete the preset
preset_kept = The preset { $name } is kept.
preset_replaced = The preset { $name } was replaced.
preset_gone = The preset { $name } was deleted.

## what was typed

draft_restored = What you had filled in is restored
draft_discard = Discard
long_list = A long list is shown without a box to type in, so that nothing is slow.
long_edit = Edit anyway
long_clear = Clear
not_sent = The list could not be sent to the server. Nothing is lost here; try again.
only_look = You may look, but not submit. Ask an owner or admin for the role of a member.

## what does not fit

wrong_name = A name has at most 200 characters. Shorten it.
wrong_tags = At most 20 tags of at most 50 characters each.
wrong_deadline = The deadline has to be a moment to come, within ten years. Choose a later one, or none.
wrong_key = This form was submitted already, with other keywords or options. See the list of batches; to submit it as it is now, press again.
wrong_pasted = The list is not kept any more. Press again to send it once more.
wrong_file = The file { $value } is not kept any more. Choose it again.
