"""The page after a call in a real browser: it asks nobody, complains of nothing, fits, prints."""

from collections.abc import Callable, Generator
from pathlib import Path

import msgspec
import pytest
from browser import open_browser
from payloads import PAYLOADS
from playwright.sync_api import Browser, Page
from told import PLAN, WORDING, Told, interview

from assistant.events import NoteTaken
from assistant.notes.render.files import Files
from assistant.plan import Plan

pytestmark = pytest.mark.browser


class Seen:
    """A page in a browser, and what it did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))

    def open(self, path: Path) -> "Seen":
        self.page.goto(path.as_uri())
        return self


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def seen(browser: Browser) -> Generator[Seen]:
    page = browser.new_page(viewport={"width": 1000, "height": 800})
    yield Seen(page)
    page.close()


def written(folder: Path, call: Told, plan: Plan = PLAN) -> Path:
    path = folder / "summary.html"
    path.write_bytes(Files(plan, call.entries, WORDING).make("summary.html") or b"")
    return path


def long_call() -> Told:
    """Tell an hour with much in it."""
    call = Told()
    for n in range(300):
        call.them(n * 12.0, f"statistics and measurements number {n} " * 4)
        call.me(n * 12.0 + 9.0, "mhm that is so")
        if n % 20 == 0:
            call.put(n * 12.0 + 10.0, NoteTaken(f"note {n}"))
    call.ask(3590.0, "skills", "which skills matter most")
    return call.end(3600.0)


def test_it_asks_for_nothing_but_itself_and_complains_of_nothing(
    seen: Seen, tmp_path: Path
) -> None:
    path = written(tmp_path, interview())
    seen.open(path)
    assert seen.asked == [path.as_uri()]
    assert seen.complaints == []
    assert seen.page.title() == "Dana Ruiz, data engineer at Acme"


def test_its_style_is_let_in(seen: Seen, tmp_path: Path) -> None:
    seen.open(written(tmp_path, interview()))
    assert (
        seen.page.evaluate("getComputedStyle(document.querySelector('.todo')).borderTopWidth")
        == "1px"
    )


@pytest.mark.parametrize(
    ("width", "make"), [(320, long_call), (360, interview), (768, interview), (1600, interview)]
)
def test_it_fits_the_width_of_the_window(
    seen: Seen, tmp_path: Path, width: int, make: Callable[[], Told]
) -> None:
    seen.page.set_viewport_size({"width": width, "height": 740})
    seen.open(written(tmp_path, make()))
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_every_sign_leads_to_its_line_and_back_to_the_keyboard(seen: Seen, tmp_path: Path) -> None:
    seen.open(written(tmp_path, interview()))
    signs = seen.page.locator(".drawing a")
    for n in range(signs.count()):
        signs.nth(n).focus()
        seen.page.keyboard.press("Enter")
        place = seen.page.evaluate("location.hash")
        assert seen.page.locator(f"{place}:target").count() == 1
    assert signs.count() >= 8


def test_the_signs_do_not_cover_one_another_on_a_phone(seen: Seen, tmp_path: Path) -> None:
    seen.page.set_viewport_size({"width": 360, "height": 740})
    seen.open(written(tmp_path, interview()))
    boxes = [box for sign in seen.page.locator(".sign").all() if (box := sign.bounding_box())]
    middles = [(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes]
    near = [
        (one, other)
        for n, one in enumerate(middles)
        for other in middles[n + 1 :]
        if abs(one[0] - other[0]) < 12 and abs(one[1] - other[1]) < 12
    ]
    assert near == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_paper(seen: Seen, tmp_path: Path, paper: str) -> None:
    seen.open(written(tmp_path, interview()))
    pdf = seen.page.pdf(format=paper, prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    assert 1 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") <= 6
    seen.page.emulate_media(media="print")
    shown = seen.page.evaluate("getComputedStyle(document.querySelector('.skip')).display")
    assert shown == "none"


def test_dark_is_dark_and_light_is_light(browser: Browser, tmp_path: Path) -> None:
    path = written(tmp_path, interview())
    lights: list[int] = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(path.as_uri())
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        lights.append(sum(map(int, colour.removeprefix("rgb(").removesuffix(")").split(","))))
        page.close()
    assert lights[0] > 700
    assert lights[1] < 100


def test_no_words_of_a_call_run_or_load_anything(seen: Seen, tmp_path: Path) -> None:
    call = Told()
    for n, payload in enumerate(PAYLOADS):
        call.put(n * 5.0, NoteTaken(payload))
    plan = msgspec.structs.replace(PLAN, person=PAYLOADS[0], about=PAYLOADS[4])
    path = written(tmp_path, call.end(900.0), plan)
    seen.open(path)
    assert seen.asked == [path.as_uri()]
    assert seen.complaints == []
    assert seen.page.locator("script, iframe, img, object, embed, form").count() == 0
    shown = seen.page.locator("main").inner_text()
    assert "<script>alert(1)</script>" in shown
