"""From a device's own rate and channels to the spool's."""

import numpy as np
import pytest
from sound_card import RATE_HZ, pitch_hz, tone

from assistant.hearing.rate import ToSpool

pytestmark = pytest.mark.unit


def at_rate(rate_hz: int, pitch: float, length_s: float) -> bytes:
    time_s = np.arange(round(rate_hz * length_s)) / rate_hz
    return np.round(10000 * np.sin(2 * np.pi * pitch * time_s)).astype(np.int16).tobytes()


def through(to_spool: ToSpool, pcm: bytes, block: int) -> bytes:
    blocks = [pcm[begin : begin + block] for begin in range(0, len(pcm), block)]
    return b"".join(map(to_spool.feed, blocks)) + to_spool.feed(b"", last=True)


def test_what_is_right_already_goes_through_untouched() -> None:
    pcm = tone(440, 0.1).tobytes()
    assert ToSpool(RATE_HZ, 1).feed(pcm) == pcm


@pytest.mark.parametrize("rate_hz", [8000, 22050, 24000, 44100, 48000, 96000])
def test_not_a_frame_is_lost_and_the_pitch_stays(rate_hz: int) -> None:
    out = through(ToSpool(rate_hz, 1), at_rate(rate_hz, 440, 2.0), 2 * (rate_hz // 50))
    samples = np.frombuffer(out, np.int16)
    assert len(samples) == 2 * RATE_HZ
    assert pitch_hz(samples) == pytest.approx(440, rel=0.005)


def test_a_moment_stays_where_it_was() -> None:
    pcm = bytearray(2 * 48000)
    pcm[48000 : 48000 + 480] = at_rate(48000, 1000, 0.005)
    out = np.frombuffer(through(ToSpool(48000, 1), bytes(pcm), 1920), np.int16)
    assert np.argmax(np.abs(out)) == pytest.approx(8000 + 40, abs=40)


def test_stereo_is_mixed() -> None:
    frames = np.array([[100, 300], [-7, -7], [32767, 32767]], np.int16)
    out = np.frombuffer(ToSpool(RATE_HZ, 2).feed(frames.tobytes()), np.int16)
    assert out.tolist() == [200, -7, 32767]
