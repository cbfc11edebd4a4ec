"""The conversations of the transcripts: a file a noun, each with its list CONVERSATIONS (see test_transcripts.py)."""
