"""What the benchmarks share: databases side by side, their contents, tables and their document."""
