"""Times EM in scikit-learn: `python bench_mixture.py FOLDER ITERATIONS`.

FOLDER holds samples.f64 (float64, row by row) and start.json as bench/mixture.mjs writes them. Prints one JSON document: seconds of the
fit, iterations and log-likelihood per sample.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture


def main() -> None:
    folder, iterations = Path(sys.argv[1]), int(sys.argv[2])
    start = json.loads((folder / "start.json").read_text())
    samples = np.fromfile(folder / "samples.f64").reshape(-1, start["dimension"])
    mixture = GaussianMixture(
        len(start["weights"]), covariance_type="full", tol=0, reg_covar=1e-6, max_iter=iterations,
        weights_init=np.array(start["weights"]), means_init=np.array(start["means"]),
        precisions_init=np.linalg.inv(np.array(start["covariances"])),
    )
    # It is told to stop before it converges.
    warnings.simplefilter("ignore", ConvergenceWarning)
    began = time.perf_counter()
    mixture.fit(samples)
    seconds = time.perf_counter() - began
    print(json.dumps({
        "version": sklearn.__version__, "seconds": seconds, "iterations": mixture.n_iter_, "logLikelihood": mixture.score(samples),
    }))


if __name__ == "__main__":
    main()
