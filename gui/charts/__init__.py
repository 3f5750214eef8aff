"""Still charts: bars, curves, overlays, scales."""
