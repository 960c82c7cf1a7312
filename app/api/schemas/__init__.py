"""What goes over the wire, one file a noun: it documents what the services give, and checks what callers send."""
