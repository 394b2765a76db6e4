"""Tasks of the chapter on dimensions: a clean lattice of any kind, and a plane that closes in itself."""

import numpy as np
from notebooks.tasks import Task


def bond_cases(rng):
    plane = np.array([[1.0, 0.0], [0.0, 1.0]])
    slanted = np.array([[1.0, 0.0], [0.5, 0.9], [-0.5, 0.9]])
    return [
        (plane, np.array([1.0, 0.5]), 0.5),
        (slanted, rng.normal(size=3), 2.0),
        (rng.normal(size=(6, 3)), rng.normal(size=6), 0.3),
    ]


def clean_sum(bonds, couplings, dephasing):
    vectors, hops = np.concatenate([bonds, -bonds]), np.concatenate([couplings, couplings])
    return float((vectors[:, 0] ** 2) @ hops**2) / dephasing


clean_constant = Task(
    title="a clean lattice of any kind",
    starter="""
    import numpy as np


    def clean_constant(bonds, couplings, dephasing):
        \"\"\"Return D_s along x = bonds[:, 0]; of r and -r only one is listed.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def clean_constant(bonds, couplings, dephasing):
        along = bonds[:, 0]
        return 2 * np.sum(along**2 * couplings**2) / dephasing
    """,
    cases=bond_cases,
    library=clean_sum,
    mistakes=(
        ("2 * np.sum", "np.sum",
         "Every bond leads from its site to both sides. The sum runs over r and −r, of which the list has one: the factor 2 "
         "of a chain."),
        ("along**2", "np.sum(bonds**2, axis=1)",
         "You have taken the whole length of the bond. Along x only its part along x counts; otherwise a plane would conduct "
         "better in x for being coupled in y."),
        ("couplings**2", "abs(couplings)",
         "The coupling enters squared: it stands in both velocities of the correlation."),
        ("along**2 * couplings**2", "along * couplings**2",
         "The length along x enters squared, once for each velocity. Bonds to the left and to the right would cancel in yours."),
        ("/ dephasing", "* dephasing",
         "Upside down: the velocity decays at Γ, and its integral over all times is 1/Γ."),
    ),
    hints=(
        r"What matters of a bond is its part along $x$, `bonds[:, 0]`.",
        r"The sum in {eq}`eq-dimensions-clean` runs over all neighbors $\mathbf r$ of a site, on both sides.",
    ),
)  # fmt: skip


def torus_cases(rng):
    return [(3, 4, 1.0, 0.5), (5, 3, -0.7, 2.0), (4, 6, 1.0, 1.0)]


def library_torus(nx, ny, Jx, Jy):
    # Site by site: x is the first index, and a row of sites has all y of one x.
    H = np.zeros((nx * ny, nx * ny))
    for x, y in np.ndindex(nx, ny):
        for other, J in ((((x + 1) % nx) * ny + y, Jx), (x * ny + (y + 1) % ny, Jy)):
            H[x * ny + y, other] += J
            H[other, x * ny + y] += J
    return H


torus_hamiltonian = Task(
    title="a plane that closes in itself",
    starter="""
    import numpy as np


    def torus_hamiltonian(nx, ny, Jx, Jy):
        \"\"\"Return H without disorder; the site (x, y) has the number x * ny + y, and nx, ny > 2.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def ring_of_hops(n):
        hops = np.roll(np.eye(n), 1, axis=1)
        return hops + hops.T


    def torus_hamiltonian(nx, ny, Jx, Jy):
        along_x = np.kron(ring_of_hops(nx), np.eye(ny))
        along_y = np.kron(np.eye(nx), ring_of_hops(ny))
        return Jx * along_x + Jy * along_y
    """,
    cases=torus_cases,
    library=library_torus,
    mistakes=(
        ("np.roll(np.eye(n), 1, axis=1)", "np.eye(n, k=1)",
         "The edges are open: the last site of a row is not coupled to the first. On a torus every site has four neighbors, "
         "and there are 2N bonds."),
        ("Jx * along_x + Jy * along_y", "Jy * along_x + Jx * along_y",
         "The two couplings are exchanged. With the numbering x * ny + y it is y that changes from one number to the next; a step in "
         "x leads ny numbers on."),
        ("hops + hops.T", "hops",
         "Every bond is there in one direction only: the matrix is not Hermitian. Add the transpose."),
        ("np.kron(ring_of_hops(nx), np.eye(ny))", "np.kron(ring_of_hops(nx), np.ones((ny, ny)))",
         "A step in x leads to every y at once. It leaves y as it is: the second factor is the identity."),
        ("np.kron(ring_of_hops(nx), np.eye(ny))\n    along_y = np.kron(np.eye(nx), ring_of_hops(ny))",
         "np.kron(np.eye(ny), ring_of_hops(nx))\n    along_y = np.kron(ring_of_hops(ny), np.eye(nx))",
         "Your sites are numbered the other way, y * nx + x. The first factor of `np.kron` changes slowly, and that is to be x."),
    ),
    hints=(
        r"First the hops of a ring: `np.roll(np.eye(n), 1, axis=1)` and its transpose.",
        r"`np.kron(A, B)` acts with $A$ on $x$ and with $B$ on $y$, for it numbers sites as `x * ny + y`.",
    ),
)  # fmt: skip
