"""The month worked out by hand, shared with the tests of appraisals."""

from tests.appraisal.conftest import compute, october

__all__ = ["compute", "october"]
