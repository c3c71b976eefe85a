"""All faults, in the order of the table."""

from faults import children, deaths, devices, door, starvation, storage
from faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    *deaths.FAULTS,
    *storage.FAULTS,
    *children.FAULTS,
    *devices.FAULTS,
    *starvation.FAULTS,
    *door.FAULTS,
)
