"""Generated from proto/archgen/ccnf/v1."""
