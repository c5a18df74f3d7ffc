"""What may keep a platform or a tour from starting: each ends the command with its sentence."""


class StartFailed(RuntimeError):
    """The sentence says why, and what to do."""
