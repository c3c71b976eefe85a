"""No picture of a call's memory on disk: it would hold words that nobody asked to keep."""

import contextlib
import resource


def keep_no_cores() -> None:
    """Have neither this process nor its children leave a core dump when they crash."""
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
