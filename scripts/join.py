"""Join a brand's distributors."""

import click

from scripts._session import Session, script
from scripts._types import ADDRESS
from weilian.distributor import DistributorNotFoundError, Distributors


@script(writes=True)
@click.option("--brand", type=ADDRESS, required=True, help="The brand's identity.")
@click.option("--sponsor", type=ADDRESS, help="Who invited you.  [default: the brand itself]")
def cli(session: Session, brand: str, sponsor: str | None) -> None:
    """Join a brand's distributors under a sponsor: free, and for ever."""
    distributors = Distributors(session.suite())
    signer = session.signer()
    try:
        place = distributors.get(brand, signer.address)
        session.out.say(f"{signer.address} is at level {place.depth} under {place.sponsor} already")
        session.finish({"distributor": signer.address, "depth": place.depth})
        return
    except DistributorNotFoundError:
        session.out.say(f"{signer.address} joins {brand} under {sponsor or 'the brand itself'}")
    if session.dry_run:
        session.finish({"distributor": signer.address})
        return
    session.confirm("Join?")
    joined = distributors.join(brand, sponsor, signer)
    result = {"distributor": signer.address, "sponsor": joined.sponsor, "depth": joined.depth}
    session.finish(result, f"joined at level {joined.depth}")
