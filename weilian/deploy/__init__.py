"""Putting the suite on a chain, in numbered steps that a rerun finds and does not repeat."""

from weilian.deploy.run import PlannedStep, StepDone, deploy_suite, plan

__all__ = ["PlannedStep", "StepDone", "deploy_suite", "plan"]
