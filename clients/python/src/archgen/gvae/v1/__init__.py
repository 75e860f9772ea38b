"""Generated from proto/archgen/gvae/v1."""
