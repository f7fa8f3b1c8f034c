"""`python -m serving.runners.limited PARENT BYTES COMMAND …`: run a command that ends with its parent, within limits.

A small program between a service and what it starts: limits are set here, in a process with one thread, before the
command takes its place.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

#: prctl(2): the signal that this process gets when its parent ends, however it ends.
_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become the command."""
    parent, size, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):
        sys.exit(1)  # The parent ended before it could be said.
    resource.setrlimit(resource.RLIMIT_DATA, (int(size), int(size)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    os.execv(command[0], command)  # noqa: S606 - no shell: the very command that was given


if __name__ == "__main__":
    main(sys.argv[1:])
