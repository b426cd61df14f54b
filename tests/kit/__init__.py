"""What the tests share: servers that stand in for the world, builders of values, a project on disk."""
