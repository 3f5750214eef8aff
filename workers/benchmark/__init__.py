"""Matrix, results, findings, advice."""
