"""How a trial of an account or a source is told."""

from app.cli import output, words
from app.errors import language_of
from workers.engine.trial import Trial


def tell(source: str, told: Trial) -> int:
    """Say what one call brought; gives the exit code."""
    if told.error is not None:
        output.aside().print(told.error.sentence(language_of()))
        if told.excerpt and told.excerpt not in told.error.detail:
            output.aside().print(output.one_line(told.excerpt))
        return output.FAILED
    reading = told.reading
    assert reading is not None  # it was no error
    facts = {"source": source, "ms": told.latency_ms, "state": reading.state}
    if reading.value is not None:
        output.result().print(words.TRIED_VALUE.say(value=f"{reading.value:,.10g}", **facts))
    elif reading.upper is not None:
        output.result().print(words.TRIED_VALUE.say(value=words.UPPER.say(upper=f"{reading.upper:,.10g}"), **facts))
    else:
        output.result().print(words.TRIED_NOTHING.say(**facts))
    return output.DONE
