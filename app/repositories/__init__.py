"""All SQL; one file a noun, functions named as questions."""
