"""All tables, in one place to import."""

from storage import (
    budgets,
    citizens,
    communes,
    conversations,
    database,
    media,
    notices,
    outbox,
    petitions,
    staff,
)

__all__ = [
    "budgets",
    "citizens",
    "communes",
    "conversations",
    "database",
    "media",
    "notices",
    "outbox",
    "petitions",
    "staff",
]
