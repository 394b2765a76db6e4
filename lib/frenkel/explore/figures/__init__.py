"""The explorers, one file each: its name is that of the variable and of the explorer."""
