"""What is said: all the conversations; importing this registers them."""

from flows import (
    answers,
    approvals,
    audit,
    budgets,
    enrolment,
    human,
    menu,
    petitions,
    policy,
    queue,
    results,
    standing,
    tally,
    team,
    terms,
    welcome,
)

__all__ = [
    "answers",
    "approvals",
    "audit",
    "budgets",
    "enrolment",
    "human",
    "menu",
    "petitions",
    "policy",
    "queue",
    "results",
    "standing",
    "tally",
    "team",
    "terms",
    "welcome",
]
