"""Plot the tides of a harbour."""
import sys

import matplotlib.pyplot as plot
import numpy as np

hours = np.linspace(0, 48, 400)
plot.plot(hours, 2.1 * np.sin(hours / 12.42 * 2 * np.pi))
plot.savefig(sys.argv[1] if len(sys.argv) > 1 else "tides.png")
