"""Whose answers belong together."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def clusters(frame: pd.DataFrame) -> NDArray[np.int64] | None:
    """A code for each row's customer, anonymous rows ("" in stored frames) each their own; None where nobody has two
    rows."""
    codes = pd.factorize(frame["customer"])[0].astype(np.int64)
    alone = (codes < 0) | (frame["customer"] == "").to_numpy(dtype=bool, na_value=False)
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return None if len(np.unique(codes)) == len(codes) else codes
