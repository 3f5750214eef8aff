"""Probes, which measure a run and know nothing of the rest: lag, watchdog, GIL meter, main thread, resources."""
