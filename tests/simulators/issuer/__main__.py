"""``python -m tests.simulators.issuer --port 9997``: the issuer, run by hand."""

from tests.simulators.issuer.simulator import IssuerSimulator

IssuerSimulator.main()
