"""The most probable curves behind Poisson counts, as smooth as the counts ask for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .._types import FloatArray

NO_FIT = "The counts have no fit; is there a signal, centered at 0?"
_MOST_ROUNDS, _LAST_TURN = 100, 30  # of steps, and of those in which the strengths change
_STRENGTHS = (1e-3, 1e6)  # of a penalty: from none to a straight line
_SHAPE = 0.25  # of a weak prior that holds the third curve to 0 ± 2 where nothing has moved yet

# From parameters, three curves at their knots, the spot and the background, to counts and their slopes.
Pictures = Callable[[FloatArray], tuple[FloatArray, FloatArray]]


def _curvature(places: FloatArray) -> FloatArray:
    """Return P, shape (k, k): c P c = ∫ (c″)² for values c at places, which are rescaled to [0, k − 1]."""
    places = (places - places[0]) / (places[-1] - places[0]) * (len(places) - 1)
    slopes = np.diff(np.eye(len(places)), axis=0) / np.diff(places)[:, None]
    spans = (places[2:] - places[:-2]) / 2
    bends = np.diff(slopes, axis=0) / np.sqrt(spans)[:, None]
    return bends.T @ bends


class Search:
    """The climb to the most probable parameters; the strengths of the penalties climb with them."""

    def __init__(
        self, data: FloatArray, pictures: Pictures, u: FloatArray, knots: FloatArray, start: FloatArray
    ) -> None:
        self.data, self.pictures, self.parameters, self.start = data, pictures, start, start
        self.logarithms = np.log(np.maximum(data, 1e-300))
        k = len(knots)
        self.blocks = [slice(i * k, (i + 1) * k) for i in range(3)]  # D, light, shape: as in `Pictures`
        self.penalties = [_curvature(u), _curvature(knots), _curvature(u)]
        self.strengths = [1.0, 1.0, 10.0]
        self.mean, self.slopes = pictures(start)
        self.covariance: FloatArray = np.eye(len(start))

    def deviance(self) -> float:
        return -2 * self._log_likelihood(self.mean)

    def _log_likelihood(self, mean: FloatArray) -> float:
        """0 for a model that fits every count."""
        return float((self.data * (np.log(mean) - self.logarithms) - (mean - self.data)).sum())

    def _prior(self, spot: float) -> FloatArray:
        matrix = np.zeros((len(self.start), len(self.start)))
        for block, penalty, strength in zip(self.blocks, self.penalties, self.strengths, strict=True):
            matrix[block, block] = strength * penalty
        matrix[self.blocks[2], self.blocks[2]] += _SHAPE * np.eye(len(self.penalties[0]))
        matrix[-2, -2] = spot
        return matrix

    def _away(self, parameters: FloatArray) -> FloatArray:
        """All priors are about 0, but for that of the spot."""
        away = parameters.copy()
        away[-2] -= self.start[-2]
        return away

    def _objective(self, parameters: FloatArray, mean: FloatArray, matrix: FloatArray) -> float:
        if min(parameters[-1], parameters[-2], mean.min()) <= 0:
            return -np.inf
        away = self._away(parameters)
        return self._log_likelihood(mean) - float(away @ matrix @ away) / 2

    def _step(self, matrix: FloatArray) -> float:
        """Go one step uphill and return the gain."""
        fisher = (self.slopes / self.mean) @ self.slopes.T + matrix
        scale = np.sqrt(np.diag(fisher))
        try:
            self.covariance = np.linalg.inv(fisher / np.outer(scale, scale)) / np.outer(scale, scale)
        except np.linalg.LinAlgError as error:
            raise RuntimeError(NO_FIT) from error
        gradient = self.slopes @ (self.data / self.mean - 1) - matrix @ self._away(self.parameters)
        move, before = self.covariance @ gradient, self._objective(self.parameters, self.mean, matrix)
        for halvings in range(30):
            trial = self.parameters + 0.5**halvings * move
            with np.errstate(over="ignore", invalid="ignore"):
                mean, slopes = self.pictures(np.clip(trial, -60.0, None))
                after = self._objective(trial, mean, matrix)
            if after >= before - 1e-6:
                self.parameters, self.mean, self.slopes = trial, mean, slopes
                return after - before
        if gradient @ move < 0.01:  # there is nothing to gain but rounding
            return 0.0
        raise RuntimeError(NO_FIT)

    def _renew_strengths(self) -> bool:
        """Move the strengths halfway, in logarithms, to where they belong; return whether they were there."""
        there = True
        for i, (block, penalty) in enumerate(zip(self.blocks, self.penalties, strict=True)):
            bent = float(self.parameters[block] @ penalty @ self.parameters[block])
            straightened = self.strengths[i] * float((penalty * self.covariance[block, block]).sum())
            new = (len(penalty) - 2 - straightened) / max(bent, 1e-12)
            new = min(max(new, _STRENGTHS[0]), _STRENGTHS[1])
            there &= abs(np.log(new / self.strengths[i])) < 0.1
            self.strengths[i] = float(np.sqrt(new * self.strengths[i]))
        return there

    def run(self, spot: float) -> None:
        for turn in range(_MOST_ROUNDS):
            settled = self._step(self._prior(spot)) < 0.01
            if turn <= _LAST_TURN:  # strengths that the data hardly know may go round in circles
                settled &= self._renew_strengths()
            if settled:
                return
        raise RuntimeError("The fit did not converge; use fewer knots.")
