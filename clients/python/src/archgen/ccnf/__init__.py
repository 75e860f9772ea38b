"""Generated from proto/archgen/ccnf."""
