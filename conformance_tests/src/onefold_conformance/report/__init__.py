"""What a run of the suite found, as data, and as pages made from that data."""
