"""A pack: a folder with compact tables and the manifest that says what they are and where from."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from presis.errors import BadInput, Problem, Where
from presis.knowledge.lines import Line

MANIFEST = "manifest.yaml"
#: The packs that come with Presis.
SHIPPED = Path(__file__).parent / "packs"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PackSource(_Model):
    """One public source of a pack: its name, where it is, and which version was read."""

    name: str
    address: str
    version: str


class PackFile(_Model):
    """One table: its form (which columns it has), its SHA-256 as stored, and its rows without header."""

    name: str = Field(pattern=r"^[a-z0-9_]+\.csv(\.gz)?$")
    form: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    rows: int = Field(ge=0)


class Manifest(_Model):
    """What a pack is. `date` is the release's, null if unknown; on `valid_on` the content was held right."""

    pack: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    version: str
    date: dt.date | None
    valid_on: dt.date
    licence: str
    sources: tuple[PackSource, ...] = Field(min_length=1)
    made: str
    caution: str | None = None
    files: tuple[PackFile, ...] = Field(min_length=1)

    @property
    def rows(self) -> str:
        """The rows of each table, the main one first: `2889 + 87`."""
        return " + ".join(str(file.rows) for file in self.files)


@dataclass(frozen=True, slots=True)
class Release:
    """A pack in one version, as a report names it. `sha256` is that of its manifest."""

    pack: str
    title: str
    version: str
    date: dt.date | None
    valid_on: dt.date
    licence: str
    source: str
    sha256: str

    @property
    def label(self) -> str:
        """`hotspots v2`: what goes into the record beside a decision."""
        return f"{self.pack} {self.version}"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's folder, its manifest read and checked."""

    folder: Path
    manifest: Manifest
    sha256: str

    @property
    def release(self) -> Release:
        """The pack in one line."""
        m = self.manifest
        source = "; ".join(f"{source.name} ({source.version})" for source in m.sources)
        return Release(m.pack, m.title, m.version, m.date, m.valid_on, m.licence, source, self.sha256)

    def files(self, form: str) -> Iterator[PackFile]:
        """The pack's tables of a form."""
        return (file for file in self.manifest.files if file.form == form)

    def content(self, file: PackFile) -> bytes:
        """The stored bytes of a table.

        Raises:
            BadInput: if the file is absent, or isn't the one that the manifest describes.

        """
        path = self.folder / file.name
        try:
            content = path.read_bytes()
        except OSError:
            raise BadInput.of(
                "pack-file-absent",
                f"the pack {self.manifest.pack} lacks its table {file.name}; install or build it anew.",
                file=str(path),
            ) from None
        found = hashlib.sha256(content).hexdigest()
        if found != file.sha256:
            raise BadInput.of(
                "pack-file-changed",
                f"the table {file.name} of the pack {self.manifest.pack} isn't the one that its manifest "
                "describes; build the pack anew with `presis knowledge build`.",
                file=str(path),
                found=found,
                accepted=file.sha256,
            )
        return content

    def lines(self, file: PackFile, columns: tuple[str, ...]) -> Iterator[Line]:
        """The lines of a table whose header must be `columns`.

        Raises:
            BadInput: if the file, its header or a line's number of cells isn't as promised.

        """
        content = self.content(file)
        place = str(self.folder / file.name)
        text = (gzip.decompress(content) if file.name.endswith(".gz") else content).decode("utf-8")
        reader = csv.reader(io.StringIO(text, newline=""))
        header = tuple(next(reader, ()))
        if header != columns:
            raise BadInput.of(
                "pack-header",
                f"the columns aren't those of the form {file.form}.",
                file=place,
                line=1,
                found=",".join(header),
                accepted=",".join(columns),
            )
        for number, cells in enumerate(reader, start=2):
            if len(cells) != len(columns):
                raise BadInput.of(
                    "pack-line",
                    f"the line has {len(cells)} cells and the header {len(columns)}.",
                    file=place,
                    line=number,
                )
            yield Line(place, number, dict(zip(columns, cells, strict=True)))


def open_pack(folder: Path) -> Pack:
    """The pack in a folder; its tables are read when they are asked for.

    Raises:
        BadInput: if there is no manifest, or it can't be read.

    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except OSError:
        raise BadInput.of(
            "pack-absent",
            f"there is no knowledge pack here: {MANIFEST} is missing; name a folder that "
            "`presis knowledge build` wrote.",
            file=str(folder),
        ) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is some ten times faster
    try:
        manifest = Manifest.model_validate(yaml.load(content, Loader=loader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise BadInput.of("pack-manifest", f"the manifest isn't YAML: {error}.", file=str(path)) from error
    except ValidationError as error:
        raise BadInput(*(_problem(path, dict(fault)) for fault in error.errors())) from error
    return Pack(folder, manifest, hashlib.sha256(content).hexdigest())


def _problem(path: Path, fault: dict[str, object]) -> Problem:
    loc = fault["loc"]
    place = ".".join(str(part) for part in loc) if isinstance(loc, tuple) else str(loc)
    return Problem(
        "pack-manifest", f"{fault['msg']}.", Where(str(path), field=place), str(fault.get("input"))
    )
