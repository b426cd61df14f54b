"""The ways to reach the editors, all behind ``ports.Teller``: mail and chat."""
