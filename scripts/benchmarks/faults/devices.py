"""devices."""

from faults.fault import Fault

FAULTS: tuple[Fault, ...] = ()
