"""What people do where nothing is scored, and how they respond to being scored."""
