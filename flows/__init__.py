"""What is said: all the conversations; importing this registers them."""

from flows import budgets, enrolment, menu, petitions, receipts, tally, welcome

__all__ = ["budgets", "enrolment", "menu", "petitions", "receipts", "tally", "welcome"]
