"""Landa on Slack. Nothing is imported here: the kit is loaded only where Slack is switched on."""
