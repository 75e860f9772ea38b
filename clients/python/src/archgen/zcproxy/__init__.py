"""Generated from proto/archgen/zcproxy."""
