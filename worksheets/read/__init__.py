"""Reading what people have: one module a source."""
