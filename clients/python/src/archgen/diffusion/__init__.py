"""Generated from proto/archgen/diffusion."""
