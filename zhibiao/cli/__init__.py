"""The command line: each module holds one command and a `register(app)`."""
