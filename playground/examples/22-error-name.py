"""Error: a name that is not there.
What was probably meant is offered as a fix: one click, or Ctrl+full stop."""

import numpy as np

values = np.linspace(0, 1, 11)
print(np.summ(values))
print(lenn(values))
