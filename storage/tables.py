"""All tables, in one place to import."""

from storage import (
    approvals,
    audit,
    budgets,
    citizens,
    communes,
    conversations,
    database,
    follows,
    holds,
    media,
    messages,
    notices,
    outbox,
    petitions,
    staff,
)

__all__ = [
    "approvals",
    "audit",
    "budgets",
    "citizens",
    "communes",
    "conversations",
    "database",
    "follows",
    "holds",
    "media",
    "messages",
    "notices",
    "outbox",
    "petitions",
    "staff",
]
