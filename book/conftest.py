"""Give the kernels that nbval starts the environment in which the chapters were executed."""

import os

from notebooks import KERNEL_ENVIRONMENT

os.environ.update(KERNEL_ENVIRONMENT)
