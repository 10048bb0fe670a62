"""How fast Landa is, beside its peers in the same run. The ratios count, not the figures."""
