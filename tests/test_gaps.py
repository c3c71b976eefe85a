"""How long a silence may last: the dials first, then what is ordinary in this talk."""

import pytest

from assistant.minds.gaps import ENOUGH_GAPS, Gaps
from assistant.plan import Dials

pytestmark = pytest.mark.unit


def gaps(*, each_s: float, times: int = 40, is_asked: bool = False) -> Gaps:
    talk = Gaps(Dials())
    for _ in range(times):
        talk.add(each_s, is_asked=is_asked)
    return talk


@pytest.mark.parametrize(
    ("is_asked", "is_hesitating", "patience_s"),
    [(False, False, 4.0), (False, True, 6.0), (True, False, 6.5), (True, True, 9.75)],
)
def test_without_gaps_the_dials_say_it(
    is_asked: bool, is_hesitating: bool, patience_s: float
) -> None:
    talk = gaps(each_s=1.0, times=0)
    assert talk.patience_s(is_asked=is_asked, is_hesitating=is_hesitating) == patience_s


@pytest.mark.parametrize(("each_s", "patience_s"), [(0.5, 4.0), (1.8, 5.4)])
def test_a_slow_talk_is_waited_for_and_a_quick_one_not_hurried(
    each_s: float, patience_s: float
) -> None:
    talk = gaps(each_s=each_s)
    assert talk.patience_s(is_asked=False, is_hesitating=False) == pytest.approx(patience_s)


def test_each_kind_of_silence_has_its_own_cap() -> None:
    told, asked = gaps(each_s=9.0), gaps(each_s=9.0, is_asked=True)
    assert told.patience_s(is_asked=False, is_hesitating=False) == pytest.approx(10 * 4.0 / 6.5)
    assert asked.patience_s(is_asked=True, is_hesitating=False) == 10.0


def test_one_kind_says_nothing_of_the_other() -> None:
    assert gaps(each_s=3.0, is_asked=True).patience_s(is_asked=False, is_hesitating=False) == 4.0
    assert gaps(each_s=3.0).patience_s(is_asked=True, is_hesitating=False) == 6.5


def test_a_single_long_pause_among_few_says_nothing() -> None:
    talk = gaps(each_s=0.5, times=ENOUGH_GAPS - 1)
    talk.add(3.5, is_asked=False)
    assert talk.patience_s(is_asked=False, is_hesitating=False) == 4.0
