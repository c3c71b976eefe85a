"""The tones before a murmur."""

import numpy as np
import pytest

from assistant.speaking.earcon import LENGTH_S, Kind, earcon

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("kind", ["calm", "warning"])
@pytest.mark.parametrize("rate_hz", [16000, 22050, 48000])
def test_an_earcon_is_short_soft_and_does_not_click(kind: Kind, rate_hz: int) -> None:
    sound = earcon(kind, rate_hz)
    assert sound.length_s == pytest.approx(LENGTH_S, abs=0.001)
    assert 0.2 < sound.peak <= 0.3
    assert abs(float(sound.sound[0])) < 0.001
    assert abs(float(sound.sound[-1])) < 0.001


def test_the_warning_is_another_tone() -> None:
    calm, warning = earcon("calm", 22050), earcon("warning", 22050)
    assert float(np.abs(calm.sound - warning.sound).max()) > 0.2
