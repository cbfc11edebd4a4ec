"""The channels: each turns what comes in into `Incoming`, and sends letters."""
