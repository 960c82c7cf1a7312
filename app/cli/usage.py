"""``usage``: the accounts that calls are made with: what each has spent, what is left, what stops it."""

from collections.abc import Sequence

from app.cli import given, labels, outlook, output, words
from app.db.migrate import require_current
from app.errors import language_of
from app.services import accounts
from app.services.holdings import AccountView


def usage(as_json: given.AsJson = False) -> None:
    """List the accounts: rate, calls spent and left, what is wrong."""
    with output.house() as house:
        require_current(house.db)
        found = [account for account in accounts.listing(house) if not account.missing]
    if as_json:
        output.print_json(found)
    else:
        show(found)


def show(found: Sequence[AccountView]) -> None:
    """A table of accounts on standard output, and under it why some are not asked."""
    output.print_table(labels.ACCOUNT_COLUMNS, [_line(account) for account in found], right=(2, 3, 4, 5))
    for account in found:
        if account.notice:
            output.result().print(words.NOTICE.say(account=account.key, notice=account.notice[language_of() != "ko"]))
        if account.reason:
            output.result().print(words.NOT_ASKED.say(account=account.key, why=_trouble(account)))


def _line(account: AccountView) -> list[str]:
    numbers = account.left_today, account.left_month
    left = [words.NO_LIMIT.say() if number is None else f"{number:,}" for number in numbers]
    spent, kept = f"{account.spent_today:,}", f"{account.reserve:,}"
    return [
        account.key,
        _rate(account),
        spent,
        *left,
        kept,
        output.when(account.renewed_at) or "–",
        _credentials(account),
    ]


def _credentials(account: AccountView) -> str:
    """Where they are, as far as they may be told, and how the last trial with them went."""
    if account.missing:
        return words.NEEDS.say(settings=", ".join(account.missing))
    if account.kept is None:
        return words.IN_SETTINGS.say()
    trial = {"": words.TRIED_WELL, "untried": words.UNTRIED}.get(account.kept.checked)
    return f"{account.kept.hint} ({trial.say() if trial else account.kept.checked})"


def _rate(account: AccountView) -> str:
    if not account.rate:
        return words.NO_LIMIT.say()
    if account.rate_part >= 1:
        return account.rate
    return words.CUT_RATE.say(rate=account.rate, part=outlook.percent(account.rate_part))


def _trouble(account: AccountView) -> str:
    """Why it is not asked, until when, and what the upstream said."""
    why = outlook.reason(account.reason)
    if account.until is not None:
        why = words.WHY_UNTIL.say(why=why, at=output.when(account.until))
    return f"{why}: {output.one_line(account.detail)}" if account.detail else why
