"""What the supervisor keeps alive, as a value that fits on a command line. Only the standard library is loaded here."""

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Program:
    """One child. Lower stages are up before higher ones start and are stopped after them; ``socket`` is the Unix
    socket on which it answers once it is up ("" = up as soon as it runs); ``log`` is the file that it writes to
    instead of standard error, if it does."""

    name: str
    argv: tuple[str, ...]
    stage: int = 1
    socket: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to keep alive; ``host`` and ``port`` are where the page answers (port 0 = there is none), ``url`` is how
    it is called; ``grace`` is how many seconds a stage is given to stop."""

    programs: tuple[Program, ...]
    url: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    json_logs: bool = False
    grace: float = 10.0

    def dump(self) -> str:
        """The plan as one argument of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> Self:
        """The reverse of `dump`."""
        given = json.loads(text)
        programs = tuple(Program(**{**program, "argv": tuple(program["argv"])}) for program in given.pop("programs"))
        return cls(programs=programs, **given)
