"""Generated from proto/archgen/seqgen/v1."""
