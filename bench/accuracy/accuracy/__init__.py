"""Trains networks by one recipe and compares their accuracies; see README.md beside this package."""
