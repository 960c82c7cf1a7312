### The door: signing in, and the first owner.

sign_in = Sign in
sign_out = Sign out
signed_in_as = Signed in as
person_name = Name
password = Password
password_again = Password again
password_hint = At least 10 characters. A sentence of your own is easy to remember.
welcome = Make the owner's account
welcome_lead = This Keybatch is new. Its owner is made on this machine only, and adds other people later.
welcome_do = Make it and begin
forgotten = Forgot the password? Set another one on the machine that Keybatch runs on:
enter_name = Enter a name.
enter_password = Enter the password.
passwords_differ = The two passwords differ. Enter them again.
or = or
sign_in_with = Sign in with { $title }
link_title = Link an account to sign in with
link_lead = You are signed in as { $name }. Once your account at { $title } is linked, you can sign in with it too.
link_do = Link my account at { $title }
link_not = Leave it
sign_out_here = Signing out ends the session here, not the one at the issuer.
unlink = Unlink
unlinked = Your account at { $title } is unlinked.
link_own = Link my account
linked_yes = may vouch for you.
linked_no = does not vouch for you yet.
