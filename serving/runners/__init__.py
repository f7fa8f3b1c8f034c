"""What jobs do, by their kind."""
