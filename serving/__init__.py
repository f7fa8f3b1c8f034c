"""The service: the facts of a submitted report over HTTP, and a page to read them on."""
