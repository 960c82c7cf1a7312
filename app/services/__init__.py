"""What the house does: one module a use case, plain functions over a `House`."""
