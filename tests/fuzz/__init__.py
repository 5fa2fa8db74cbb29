"""Bounded fuzzing: ``make fuzz``. What it finds becomes a test beside the others."""
