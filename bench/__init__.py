"""What things cost. Ratios and shares, never a timed test."""
