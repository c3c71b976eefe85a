"""A real browser without a window, for the tests and for the pictures of the docs."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""It asks nobody for anything by itself. Without the sandbox it also runs for root."""


def browser_path() -> str | None:
    """Return where Chromium is, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def open_browser() -> Generator[Browser]:
    """Open Chromium; it is closed afterwards, whatever happens."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=[*QUIET])
        try:
            yield browser
        finally:
            browser.close()
