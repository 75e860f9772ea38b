"""Generated from proto/archgen/diffusion/v1."""
