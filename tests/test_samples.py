"""Sound as a value: levels, trimming, rates."""

import numpy as np
import pytest

from assistant.speaking.samples import Samples, from_pcm, joined

pytestmark = pytest.mark.unit


def tone(length_s: float, peak: float = 0.5, rate_hz: int = 22050) -> Samples:
    at = np.arange(round(length_s * rate_hz)) / rate_hz
    return Samples((peak * np.sin(2 * np.pi * 440 * at)).astype(np.float32), rate_hz)


def silence(length_s: float) -> Samples:
    return Samples(np.zeros(round(length_s * 22050), np.float32), 22050)


def test_the_level_is_that_of_the_voice_and_not_of_its_pauses() -> None:
    alone = tone(1.0).voice_db
    assert alone == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.1)
    assert joined(tone(1.0), 5.0, silence(1.0)).voice_db == pytest.approx(alone, abs=0.2)
    assert silence(1.0).voice_db == silence(0.0).voice_db == -120.0


def test_silence_around_the_voice_is_trimmed() -> None:
    padded = joined(joined(silence(0.5), 0.0, tone(1.0)), 0.0, silence(0.5))
    assert padded.trimmed().length_s == pytest.approx(1.0, abs=0.1)
    assert silence(1.0).trimmed().length_s == 0.0


def test_another_rate_keeps_length_and_pitch() -> None:
    there = tone(1.0).at_rate(48000)
    assert there.length_s == pytest.approx(1.0, abs=0.001)
    spectrum = np.abs(np.fft.rfft(there.sound))
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=1)


def test_sound_never_changes() -> None:
    samples = tone(0.1)
    with pytest.raises(ValueError, match="read-only"):
        samples.sound[0] = 1.0


def test_pcm_is_read_and_half_a_sample_dropped() -> None:
    samples = from_pcm(np.array([0, 16384, -32768], "<i2").tobytes() + b"\x01", 22050)
    assert samples.sound.tolist() == [0.0, 0.5, -1.0]
