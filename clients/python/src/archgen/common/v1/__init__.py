"""Generated from proto/archgen/common/v1."""
