"""Generated from proto/archgen/orchestrator/v1."""
