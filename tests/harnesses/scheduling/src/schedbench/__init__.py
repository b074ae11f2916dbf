"""Tool interface benchmark."""
