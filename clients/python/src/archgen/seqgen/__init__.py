"""Generated from proto/archgen/seqgen."""
