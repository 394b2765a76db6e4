"""What there is: lattices, dipoles and their couplings, the Hamiltonian with its disorder, the samples."""
