"""What is kept: tables, and the verbs on them with their invariants."""
