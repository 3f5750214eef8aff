"""Threads that are let on line by line, in an order that is chosen: how they are stepped, and what comes of orders."""
