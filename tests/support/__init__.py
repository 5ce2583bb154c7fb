"""What several tests start or read: real servers, a whole platform, small apps."""
