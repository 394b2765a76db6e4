"""Beside the physics: ensembles with error bars, propagated uncertainties, models compared."""
