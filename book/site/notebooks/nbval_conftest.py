"""How nbval runs the written notebooks: in the environment in which the chapters were executed.

nbval itself skips pictures. A figure that changes when nothing else has changed is one whose seed is missing,
so after each cell its pictures are held against the stored ones.
"""

import base64
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from nbval.plugin import IPyNbCell

from notebooks.execute import FIGURE_FORMATS, KERNEL_ENVIRONMENT
from notebooks.recorded import pixels

IPYTHON = tempfile.TemporaryDirectory()  # nbval gives a kernel no options, but a kernel reads this folder
PROFILE = Path(IPYTHON.name) / "profile_default"
PROFILE.mkdir()
(PROFILE / "ipython_kernel_config.py").write_text(f"c.InlineBackend.figure_formats = {FIGURE_FORMATS}\n")
os.environ.update(KERNEL_ENVIRONMENT, IPYTHONDIR=IPYTHON.name)

# Another processor may round a curve into the next pixel here and there; another seed moves whole curves.
VISIBLE = 0.15  # of the range of a color channel
SHARE = 5e-4  # of the pixels


def pictures(outputs):
    """Return the PNG pictures among a cell's outputs as arrays [row, column, channel] between 0 and 1."""
    found = [output["data"]["image/png"] for output in outputs or () if "image/png" in output.get("data", {})]
    return [pixels(base64.b64decode(picture)) for picture in found]


def difference(stored, fresh):
    """Return in words how two pictures differ, or None."""
    if stored.shape != fresh.shape:
        return f"its size was {stored.shape[:2]} and is {fresh.shape[:2]}"
    changed = (np.abs(stored - fresh).max(axis=-1) > VISIBLE).mean()
    return f"{changed:.2%} of its pixels changed" if changed > SHARE else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    result = yield
    if isinstance(item, IPyNbCell):
        stored, fresh = pictures(item.cell.outputs), pictures(item.test_outputs)
        assert len(stored) == len(fresh), f"the cell showed {len(stored)} pictures and now shows {len(fresh)}"
        for before, now in zip(stored, fresh, strict=True):
            words = difference(before, now)
            assert words is None, f"this figure is not the stored one: {words}\n{item.cell.source}"
    return result
