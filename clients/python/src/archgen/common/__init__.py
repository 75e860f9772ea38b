"""Generated from proto/archgen/common."""
