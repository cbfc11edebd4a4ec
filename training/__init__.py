"""How the understanding of free text is learnt and measured; nothing here is needed to run Sawt."""
