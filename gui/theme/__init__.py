"""Looks: colours, fonts, the style sheet."""
