"""Thaw's window. Everything here runs in the GUI thread, but for `bridge.Bridge.post`."""
