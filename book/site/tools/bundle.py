"""Write what a release carries: the library's wheel and the whole site as one archive with its server.

python book/site/tools/bundle.py _build/html dist
"""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
README = """Excitons on the move, to be read without a network.

    python serve.py site

prints an address to open. Any Python from 3.11 on will do; nothing is installed.
"""


def write_archive(site, archive):
    """Write the folder `site`, its server and a README into `archive`; the same site gives the same bytes."""
    files = {"excitons/README.txt": README.encode()}
    files["excitons/serve.py"] = Path(__file__).with_name("serve.py").read_bytes()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(path for path in site.rglob("*") if path.is_file()):
            files[f"excitons/site/{path.relative_to(site).as_posix()}"] = path
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.read_bytes()
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)


def main(site, target):
    target = Path(target)
    target.mkdir(exist_ok=True)
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", target.resolve()]
    subprocess.run(build, cwd=ROOT, check=True)
    write_archive(Path(site), target / "excitons-on-the-move.zip")
    for path in sorted(target.iterdir()):
        print(f"{path} {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
