"""Reading web addresses under our own deadlines, with requests; used by the download workload only."""
