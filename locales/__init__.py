"""What words mean: catalogues, formats, direction, and the understanding of what people type."""

from locales.catalogues import FORMATS, LANGUAGES, NAMES, Plural, Texts, _, n_, texts

__all__ = ["FORMATS", "LANGUAGES", "NAMES", "Plural", "Texts", "_", "n_", "texts"]
