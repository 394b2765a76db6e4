"""Other explanations of what was measured: films, bands, photons, dark states, annihilation, transients."""
