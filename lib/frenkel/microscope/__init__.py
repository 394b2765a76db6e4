"""What is measured: profiles in nm and ps, the microscope that blurs and counts, D(t) from the counts."""
