"""The live graphs: throughput, lag, waits for the GIL."""
