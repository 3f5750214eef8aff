"""Who waits for whom, as a picture, live and after the run."""
