"""Generated from proto/archgen/gvae."""
