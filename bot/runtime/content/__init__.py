"""Content files and catalogs: read, checked, made into a Library."""

from bot.runtime.content.folder import named
from bot.runtime.content.library import Content, old_numbers, read

__all__ = ["Content", "named", "old_numbers", "read"]
