"""Generated from proto/archgen/zcproxy/v1."""
