"""What every test may rely on: no network but loopback (see pyproject.toml), no leftover environment."""
