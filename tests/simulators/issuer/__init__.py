"""An OpenID Connect issuer."""

from tests.simulators.issuer.simulator import IssuerSimulator

__all__ = ["IssuerSimulator"]
