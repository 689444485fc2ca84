"""Makes the packs from their sources. Only this package knows the sources' own layouts."""

from presis.knowledge.build.recipes import BUILDERS, build

__all__ = ["BUILDERS", "build"]
