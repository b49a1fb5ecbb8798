"""HCL files → Project. The only place that imports hcl2."""

from rolefirst.loaders.hcl.load import KeyModules, load

__all__ = ["KeyModules", "load"]
