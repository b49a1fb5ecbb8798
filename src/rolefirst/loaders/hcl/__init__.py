"""HCL files → Project. The only place that imports hcl2."""

from rolefirst.loaders.hcl.load import load

__all__ = ["load"]
