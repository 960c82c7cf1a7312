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
