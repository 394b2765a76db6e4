"""Names for the types in signatures."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
FloatOrArray = np.float64 | FloatArray  # arguments broadcast: numbers give a number, arrays an array


class SparseArray(Protocol):
    """What the library asks of a sparse array of SciPy, which it does not import for that."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def nnz(self) -> int: ...
    @property
    def data(self) -> Any: ...
    @property
    def T(self) -> SparseArray: ...
    def tocsr(self) -> Any: ...
    def conj(self) -> SparseArray: ...
    def diagonal(self) -> NDArray[Any]: ...
    def sum(self, axis: int) -> Any: ...
    def __abs__(self) -> Any: ...
    def __matmul__(self, other: NDArray[Any], /) -> NDArray[Any]: ...


DenseMatrix: TypeAlias = FloatArray | ComplexArray
Matrix: TypeAlias = DenseMatrix | SparseArray
Seed = int | np.random.SeedSequence | np.random.Generator | None

__all__ = [
    "ArrayLike",
    "ComplexArray",
    "DenseMatrix",
    "FloatArray",
    "FloatOrArray",
    "Matrix",
    "Seed",
    "SparseArray",
]
