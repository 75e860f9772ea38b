"""Generated from proto/archgen/orchestrator."""
