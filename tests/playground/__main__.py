"""Landa in the Agents Playground, to be played with: `make playground`."""

import signal
import sys
import tempfile
from pathlib import Path

from tests.playground import Landa, playground


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as folder:
        landa = Landa(Path(folder))
        landa.start()
        try:
            with playground(f"{landa.url}/api/messages", Path(folder)) as url:
                print(f"\n  Agents Playground  {url}\n  Stop with Ctrl+C.\n", flush=True)
                signal.pause()
        except (KeyboardInterrupt, SystemExit):
            print("Stopping ...")
        finally:
            landa.stop()


if __name__ == "__main__":
    main()
