"""What runs: settings, channels, the runner, the post, the clock, the command line."""
