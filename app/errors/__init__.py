"""Everything Keybatch raises on purpose, in one tree::

    KeybatchError
    ├── UpstreamError            an upstream answered with less than a reading
    │   ├── QuotaSpent           wait until its day turns
    │   ├── Throttled            slow down; not an attempt
    │   ├── BadCredentials       stop asking with this account, tell a person
    │   ├── Unreachable          timeout, DNS, 5xx: again, with jitter
    │   ├── Rejected             this keyword will never work
    │   └── Unreadable           answered, not understood
    ├── Refused                  the caller can mend it
    │   ├── EmptyInput           no keyword in what was given
    │   ├── NotText              bytes that are no text and no workbook
    │   ├── TooLarge             more than is taken in one go
    │   ├── BadBody              a request's body that cannot be read
    │   ├── WrongMediaType       a request's body of a kind that is not taken
    │   ├── UnknownSource        no such source
    │   ├── NoSources            none was picked
    │   ├── MissingCredentials   the source wants settings that are not there
    │   ├── NoSuchBatch          no batch with that id
    │   ├── AfterBeyondEnd       a position that a batch has not reached
    │   ├── NoSuchAccount        no account with that name
    │   ├── InUse                work under way depends on it
    │   ├── WrongState           not possible in the batch's state
    │   ├── NothingToRetry       no failed lookup fits
    │   ├── NothingRelated       its readings name no further keywords
    │   ├── NothingMatches       no row of the table fits
    │   ├── BadValue             an argument that makes no sense
    │   ├── ProtectedSheet       a workbook that a password protects
    │   ├── BrokenSheet          a workbook that cannot be opened
    │   ├── JobStays             a job that is not queued again, or not forgotten
    │   ├── NoSuchThing          no token, webhook, delivery or person with that id
    │   ├── NotSignedIn          who asks is not known
    │   ├── WrongPassword        name and password do not match
    │   ├── Forbidden            known, but may not
    │   ├── Forged               a browser's change without its proof
    │   ├── TooFast              more requests than are answered in a time
    │   ├── AlreadyOwned         the house has its owner
    │   ├── KeyReused            an idempotency key that came with something else
    │   ├── BadName              a name that nobody could be told by
    │   ├── NameTaken            somebody else is called so
    │   ├── WeakPassword         a password that is too easily guessed
    │   ├── NoSuchPerson         nobody is called so
    │   ├── LastOwner            without him nobody could manage the house
    │   ├── RoleTooHigh          only an owner makes or changes an owner
    │   ├── Purged               a batch had it, and it is not kept any more
    │   ├── NotABackup           a file that is no backup, or a part of one
    │   ├── BrokenBackup         a backup that is not as it was written
    │   ├── NewerBackup          a backup of a newer version
    │   ├── NotEmpty             a database that has tables already
    │   ├── NotHere              only at the machine itself
    │   ├── NotVouched           an issuer's word that proves nobody
    │   ├── NotInvited           known to the issuer, with no place here
    │   ├── SubjectTaken         that account at the issuer is somebody else's
    │   └── NoIssuer             nobody vouches for people here
    └── Unavailable              something this house stands on is missing
        ├── BadSetting           a setting is missing or wrong
        ├── IssuerDown           the issuer that vouches for people does not answer
        ├── WrongKey             stored credentials cannot be opened
        ├── DatabaseDown         the database does not answer, or is not writable
        │   └── DiskFull         … because its disk is full
        ├── RedisDown            Redis does not answer
        │   └── RedisFull        … to anything that would take room
        ├── PortTaken            someone else listens there
        ├── Unmigrated           the tables are not of this version
        ├── NoRoom               what was sent cannot be kept
        ├── NewerDatabase        the tables are of a later version
        ├── ForeignDatabase      tables that are of no version
        ├── PagesNotBuilt        the pages could not be built
        ├── NotBackedUp          a backup could not be written
        └── NotWritten           an export could not be written to a file

An error answers the caller's question with attributes (``code``, ``facts``; upstream errors also
``permanent``, ``retry_after``, ``scope``), never by its text. ``sentence(language)`` says to a person what
happened and what to do next.
"""

from app.errors.base import KeybatchError, Language, language_of
from app.errors.denied import (
    AlreadyOwned,
    Forbidden,
    Forged,
    KeyReused,
    NotSignedIn,
    TooFast,
    WrongPassword,
)
from app.errors.issuer import IssuerDown, NoIssuer, NotInvited, NotVouched, SubjectTaken
from app.errors.keeping import BrokenBackup, NewerBackup, NotABackup, NotBackedUp, NotEmpty, Purged
from app.errors.people import BadName, LastOwner, NameTaken, NoSuchPerson, NotHere, RoleTooHigh, WeakPassword
from app.errors.queued import JobStays
from app.errors.refused import (
    AfterBeyondEnd,
    BadBody,
    BadValue,
    BrokenSheet,
    EmptyInput,
    InUse,
    MissingCredentials,
    NoSources,
    NoSuchAccount,
    NoSuchBatch,
    NoSuchThing,
    NothingMatches,
    NothingRelated,
    NothingToRetry,
    NotText,
    ProtectedSheet,
    Refused,
    TooLarge,
    UnknownSource,
    WrongMediaType,
    WrongState,
)
from app.errors.unavailable import (
    BadSetting,
    DatabaseDown,
    DiskFull,
    ForeignDatabase,
    NewerDatabase,
    NoRoom,
    NotWritten,
    PagesNotBuilt,
    PortTaken,
    RedisDown,
    RedisFull,
    Unavailable,
    Unmigrated,
    WrongKey,
)
from app.errors.upstream import (
    BadCredentials,
    QuotaSpent,
    Rejected,
    Scope,
    Throttled,
    Unreachable,
    Unreadable,
    UpstreamError,
)

__all__ = [
    "AfterBeyondEnd",
    "AlreadyOwned",
    "BadBody",
    "BadCredentials",
    "BadName",
    "BadSetting",
    "BadValue",
    "BrokenBackup",
    "BrokenSheet",
    "DatabaseDown",
    "DiskFull",
    "EmptyInput",
    "Forbidden",
    "ForeignDatabase",
    "Forged",
    "InUse",
    "IssuerDown",
    "JobStays",
    "KeyReused",
    "KeybatchError",
    "Language",
    "LastOwner",
    "MissingCredentials",
    "NameTaken",
    "NewerBackup",
    "NewerDatabase",
    "NoIssuer",
    "NoRoom",
    "NoSources",
    "NoSuchAccount",
    "NoSuchBatch",
    "NoSuchPerson",
    "NoSuchThing",
    "NotABackup",
    "NotBackedUp",
    "NotEmpty",
    "NotHere",
    "NotInvited",
    "NotSignedIn",
    "NotText",
    "NotVouched",
    "NotWritten",
    "NothingMatches",
    "NothingRelated",
    "NothingToRetry",
    "PagesNotBuilt",
    "PortTaken",
    "ProtectedSheet",
    "Purged",
    "QuotaSpent",
    "RedisDown",
    "RedisFull",
    "Refused",
    "Rejected",
    "RoleTooHigh",
    "Scope",
    "SubjectTaken",
    "Throttled",
    "TooFast",
    "TooLarge",
    "Unavailable",
    "UnknownSource",
    "Unmigrated",
    "Unreachable",
    "Unreadable",
    "UpstreamError",
    "WeakPassword",
    "WrongKey",
    "WrongMediaType",
    "WrongPassword",
    "WrongState",
    "language_of",
]
