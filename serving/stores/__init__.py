"""What the service keeps in its database."""
