"""The preview: its page, its doors, and what it shows."""
