"""Names for the types in signatures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
FloatOrArray = np.float64 | FloatArray  # arguments broadcast: numbers give a number, arrays an array
Matrix = Any  # dense or sparse
Seed = int | np.random.SeedSequence | np.random.Generator | None

__all__ = ["ArrayLike", "ComplexArray", "FloatArray", "FloatOrArray", "Matrix", "Seed"]
