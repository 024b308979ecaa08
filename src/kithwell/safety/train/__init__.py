"""Training of the first-stage weights. Needs scikit-learn and numpy; nothing at run time imports this."""

import os

# Sums in another order round differently: one thread, so that the same data makes the same file.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
