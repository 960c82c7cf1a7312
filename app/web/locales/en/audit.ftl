### The audit: who did what, when and from where.

section_audit = Audit
audit_lead = Everything that was changed or taken away in this workspace: who did it, when and from where.
audit_when = When
audit_who = Who
audit_what = What
audit_on = On
audit_from = From
audit_since = From day
audit_until = To day
audit_batch = Batch number
audit_all = Everything
audit_everything = Clear the filters
audit_again = Refresh
audit_none_title = Nothing fits
audit_none_body = Clear the filters, or look at a longer time.
session_from = From
about_rows = { $count ->
    [one] 1 row
   *[other] { $shown } rows
}
about_items = { $count ->
    [one] 1 keyword
   *[other] { $shown } keywords
}
about_count = { $count ->
    [one] once
   *[other] { $shown } times
}

what_submit = submitted
what_pause = paused
what_resume = resumed
what_cancel = cancelled
what_retry = retried
what_rerun = run again
what_rename = renamed
what_tag = tagged
what_untag = tag removed
what_columns = worked-out columns set
what_export = exported
what_waiting = waits
what_running = goes on
what_completed = completed
what_sign_in = signed in
what_sign_in_failed = sign-in failed
what_sign_out = signed out
what_end_session = session ended
what_add_person = person added
what_remove_person = person removed
what_change_role = role changed
what_change_password = password changed
what_link_person = linked to the issuer
what_unlink_person = unlinked from the issuer
what_make_token = token made
what_revoke_token = token revoked
what_make_webhook = webhook made
what_change_webhook = webhook changed
what_rotate_webhook = webhook secret replaced
what_remove_webhook = webhook removed
what_test_webhook = webhook tested
what_resend = message sent again
what_keep_account = account kept
what_test_account = account tried
what_remove_account = account removed
what_reseal = credentials sealed anew
what_define = source defined
what_undefine = source removed
what_keep_saved = view or preset kept
what_forget_saved = view or preset forgotten
what_requeue = slice queued again
what_discard = record of a slice deleted
about_wrong_password = wrong password
about_not_vouched = the issuer’s word was not taken
about_not_invited = known to the issuer alone
what_forget_batch = batch forgotten
what_purge_events = old acts cleared away
what_purge_readings = old readings cleared away
what_purge_items = old keywords cleared away
