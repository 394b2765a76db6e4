"""What stands still: levels and localized states, what light sees of them, and how wide their lines are."""
