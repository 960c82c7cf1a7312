"""What routes are given."""

from typing import Annotated

from fastapi import Depends, Path, Request

from app.services.house import House


def get_house(request: Request) -> House:
    """The house the API was built over."""
    house: House = request.app.state.house
    return house


TheHouse = Annotated[House, Depends(get_house)]
BatchId = Annotated[int, Path(ge=1, le=2**63 - 1, description="the batch's id")]
