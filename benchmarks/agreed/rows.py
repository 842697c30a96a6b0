"""How far two programs may differ, for which reasons, and what a comparison came to."""

from __future__ import annotations

from dataclasses import dataclass

AGREED = 1e-6

ALIKE = "same formula"
POOLED = (
    "theirs takes the variance of predictions over coded and other units together, with n - 1; "
    "ours is the power at which the variance of the estimate itself is least"
)
SHARED = (
    "theirs has samples that are apart; ours lets both parts that a coded unit has in the estimate "
    "move together"
)
BOUNDED = "ours is at most 1 for the mean over all units, theirs for the mean over those not coded"
BOUNDS = {ALIKE: AGREED, POOLED: 6.0, SHARED: 2.0, BOUNDED: 0.05}
"""What each reason explains at most; what is beyond it is a disagreement.

Two estimates of one variance from m coded units part by the order of 1 / sqrt(m), and a covariance
of two means over n units is of the order of 1 / n: so these differences are taken times sqrt(m) and
n. A power that is cut at 1 costs less than a twentieth of the variance in the samples drawn here.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What was compared over all samples, how far it differs at most, and why it may."""

    quantity: str
    n_cases: int
    largest: float
    reason: str

    @property
    def stands(self) -> bool:
        """Whether the difference is within what its reason explains; NaN is not."""
        return self.largest <= BOUNDS[self.reason]

    @property
    def verdict(self) -> str:
        """What the difference comes to, in words."""
        if self.largest <= AGREED:
            return "agreed"
        within = "within" if self.stands else "disagrees, beyond"
        return f"{within} {BOUNDS[self.reason]:g}: {self.reason}"
