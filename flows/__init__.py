"""What is said: all the conversations; importing this registers them."""

from flows import approvals, audit, budgets, enrolment, menu, petitions, receipts, tally, team, welcome

__all__ = [
    "approvals",
    "audit",
    "budgets",
    "enrolment",
    "menu",
    "petitions",
    "receipts",
    "tally",
    "team",
    "welcome",
]
