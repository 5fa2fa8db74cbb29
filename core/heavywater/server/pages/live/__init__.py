"""What runs, as a stream of server-sent events: one for each tab."""
