"""What moves: wavefunctions, white and colored noise, diffusion on rings and lattices, rates, traps, and how
motion is measured.
"""
