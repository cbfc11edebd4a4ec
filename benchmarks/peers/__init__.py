"""The peers: the same small conversation, written as each library's own guide writes it."""
