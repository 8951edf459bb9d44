"""Building a batch of any size in parts: resumable, in many processes, on many machines."""

from weilian.batch_build.part import BatchJob, Part, PartInput, build_part
from weilian.batch_build.workers import Builder, SchedulerError, cluster, processes

__all__ = [
    "BatchJob",
    "Builder",
    "Part",
    "PartInput",
    "SchedulerError",
    "build_part",
    "cluster",
    "processes",
]
