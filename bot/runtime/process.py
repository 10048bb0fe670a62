"""The process Landa runs in: its memory, and how it is asked to stop."""

import asyncio
import gc
import signal


def settle_memory() -> None:
    """What was loaded at the start stays: the collector need not look through it at every turn."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)  # a turn leaves little behind, and no cycles


def stop_signal() -> asyncio.Event:
    """Set when the process is asked to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
