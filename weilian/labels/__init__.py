"""Printed labels: the outer one with a Digital Link, the hidden one with the claim code."""

from weilian.labels.inner import write_inner_labels
from weilian.labels.outer import outer_links, write_outer_csv, write_outer_sheets

__all__ = ["outer_links", "write_inner_labels", "write_outer_csv", "write_outer_sheets"]
