"""What is claimed of ChemTrack's speed, measured: `bench/run`."""
