"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

``EXPLORERS["enaqt"]`` is the explorer of that name. To add one, write `figures/NAME.py` with a variable NAME:
nothing has to be listed anywhere. What an explorer is stands in `explorer`, what a reader can set in
`parameters`, what draws it in `artists`, what shows it in `hosts`.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

from . import figures
from .explorer import Explorer, Rest
from .parameters import Choice, Clock, Slider


class _Shelf(Mapping[str, Explorer]):
    """All explorers by their names; each is imported when it is first asked for."""

    def __getitem__(self, name: str) -> Explorer:
        if name not in tuple(self):
            raise KeyError(f"There is no explorer named {name!r}; there are {', '.join(self)}.")
        explorer: Explorer = getattr(import_module(f"{figures.__name__}.{name}"), name)
        return explorer

    def __iter__(self) -> Iterator[str]:
        return (module.name for module in iter_modules(figures.__path__))

    def __len__(self) -> int:
        return sum(1 for _ in self)


EXPLORERS = _Shelf()

__all__ = ["EXPLORERS", "Choice", "Clock", "Explorer", "Rest", "Slider"]
