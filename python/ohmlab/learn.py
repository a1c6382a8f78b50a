"""Models as estimators with scikit-learn's conventions, on any array. Needs scikit-learn: `ohmlab[learn]`.

Parameters are keywords with the names and defaults of a config. The weights are in arrays, ideal or of cells; all work
is counted in `tally_`.

>>> from ohmlab.learn import BernoulliRBM
>>> model = BernoulliRBM(hidden=2, array="devices/gokmen_vlasov", random_state=1).fit([[0, 1, 1], [1, 0, 0]])
>>> model.transform([[0, 1, 1]]).shape
(1, 2)
>>> model.tally_.entries[0].stage
'start: program'
"""

try:
    from sklearn.utils.validation import validate_data as _validate_data  # noqa: F401  (since 1.6)
except ImportError as _error:
    raise ImportError(
        "ohmlab.learn needs scikit-learn 1.6 or later: pip install 'ohmlab[learn]'"
    ) from _error

from ohmlab._forward import ForwardForwardClassifier, PredictiveCodingClassifier
from ohmlab._rbms import BernoulliRBM, RBMClassifier
from ohmlab._settling import HopfieldClassifier, ResistiveClassifier

__all__ = [
    "BernoulliRBM",
    "ForwardForwardClassifier",
    "HopfieldClassifier",
    "PredictiveCodingClassifier",
    "RBMClassifier",
    "ResistiveClassifier",
]
