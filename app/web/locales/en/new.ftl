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

findings = A look at the keywords
changed_by = Tidied keywords
doubts = Keywords that may be mistyped
typed = Typed
offered = Offered
kind = Kind
nothing_offered = nothing offered
spacings = Keywords that differ in spaces only
groups_count = groups: { $count }
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
not_set_up = needs settings
pay_with = Account to ask with
