"""A brand's `links.yaml`: what its linksets say of each item."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weilian.errors import WeilianError
from weilian.gs1.linkset import LinkTarget, LinkType
from weilian.yamlfile import read_yaml


class LinkFileError(WeilianError, ValueError):
    """A list of links that cannot be read or that breaks a rule."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LinkEntry(_Section):
    """One link: its type by GS1's term, such as `pip`, and a title in each language."""

    type: LinkType
    href: Annotated[str, Field(max_length=2000)]
    titles: Annotated[dict[str, Annotated[str, Field(max_length=200)]], Field(min_length=1)]
    media_type: str = "text/html"

    @property
    def target(self) -> LinkTarget:
        """The same as linksets take it; raises LinkTargetError."""
        return LinkTarget(self.type, self.href, tuple(self.titles.items()), self.media_type)

    @model_validator(mode="after")
    def _check(self) -> "LinkEntry":
        self.target  # noqa: B018  # raises what pydantic catches
        return self


class LinkFile(_Section):
    """The links of all items of a batch; the first is the default one."""

    description: Annotated[str, Field(min_length=1, max_length=500)]
    links: Annotated[list[LinkEntry], Field(min_length=1, max_length=50)]

    @property
    def targets(self) -> list[LinkTarget]:
        """The links as linksets take them."""
        return [entry.target for entry in self.links]


def load_links(path: Path) -> LinkFile:
    """Read a list of links; raises LinkFileError."""
    return read_yaml(path, LinkFile, LinkFileError)
