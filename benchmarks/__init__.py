"""Sawt beside its peers: the same citizens, the same machine, one process each."""
