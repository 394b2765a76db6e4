"""What a run finds and may change beside lists and arrays: names, random numbers, how libraries are set."""

import random
import sys
from functools import partial


class Found:
    """What a run has found in a namespace. Without `names` no more is kept than where random numbers were."""

    def __init__(self, namespace, names=True):
        self._draws = list(_draws(namespace))
        self._names, self._settings = (dict(namespace), list(_settings())) if names else (None, [])

    def draw_again(self):
        """Let what draws random numbers draw those that followed."""
        for put in self._draws:
            put()

    def bring_back(self, namespace):
        """Make the namespace and the settings what they were."""
        namespace.clear()
        namespace.update(self._names)
        for put in self._settings:
            put()
        self.draw_again()


def _draws(namespace):
    yield partial(random.setstate, random.getstate())
    if drawn := sys.modules.get("numpy.random"):
        yield partial(drawn.set_state, drawn.get_state())
        for value in namespace.values():
            if isinstance(value, drawn.Generator):
                yield partial(setattr, value.bit_generator, "state", value.bit_generator.state)


def _settings():
    if numpy := sys.modules.get("numpy"):
        yield partial(numpy.set_printoptions, **numpy.get_printoptions())
    if matplotlib := sys.modules.get("matplotlib"):
        kept = dict(matplotlib.rcParams.copy())
        kept.pop("backend")  # reading it would choose one
        yield partial(dict.update, matplotlib.rcParams, kept)
    else:
        yield lambda: "matplotlib" in sys.modules and sys.modules["matplotlib"].rc_file_defaults()
