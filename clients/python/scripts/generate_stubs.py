"""Writes the message classes and stubs of proto/ into src/archgen, or with --check says which files differ.

Needs the grpcio-tools of the "test" extra (pip install -e 'clients/python[test]'). PyPI's googleapis-common-protos has the
text of google/longrunning/operations.proto under another name, so that protoc alone does not find it.
"""

from __future__ import annotations

import argparse
import filecmp
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "archgen"
PROTOS = Path(__file__).resolve().parents[3] / "proto"
DIGEST = "protos.sha256"


def proto_digest() -> str:
    """SHA-256 over names and contents of the proto files, as tests/python-client.slow.test.ts takes it too."""
    digest = hashlib.sha256()
    for name in sorted(path.relative_to(PROTOS).as_posix() for path in PROTOS.rglob("*.proto")):
        digest.update(name.encode() + b"\0" + (PROTOS / name).read_bytes() + b"\0")
    return digest.hexdigest()


def generate(out: Path) -> None:
    """Writes everything that is generated, the folder archgen included, into `out`."""
    try:
        import grpc_tools
        from google.api import annotations_pb2
        from grpc_tools import protoc
    except ImportError as error:
        raise SystemExit("grpcio-tools is missing: pip install -e 'clients/python[test]'") from error

    site = Path(annotations_pb2.__file__).parents[2]
    with tempfile.TemporaryDirectory() as folder:
        operations = Path(folder) / "google" / "longrunning" / "operations.proto"
        operations.parent.mkdir(parents=True)
        shutil.copyfile(site / "google" / "longrunning" / "operations_proto.proto", operations)
        names = sorted(str(path) for path in PROTOS.rglob("*.proto"))
        includes = [str(PROTOS), folder, str(site), str(Path(grpc_tools.__file__).parent / "_proto")]
        outputs = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
        if protoc.main(["protoc", *(f"-I{path}" for path in includes), *outputs, *names]) != 0:
            raise SystemExit("protoc failed; its messages are above.")
    package = out / "archgen"
    for stub in package.rglob("*_pb2_grpc.py"):
        if "Servicer" not in stub.read_text():
            stub.unlink()  # a file without services
    for directory in {path.parent for path in package.rglob("*_pb2.py")}:
        for parent in (directory, directory.parent):
            (parent / "__init__.py").write_text(f'"""Generated from proto/archgen/{parent.relative_to(package)}."""\n')
    (package / DIGEST).write_text(f"{proto_digest()}\n")


def generated(package: Path) -> Iterator[Path]:
    """Paths of generated files below a package, relative to it."""
    for path in package.rglob("*"):
        below = path.relative_to(package)
        is_stub = path.suffix in {".py", ".pyi"} and path.match("*_pb2*.py*")
        if is_stub or path.name == DIGEST or (path.name == "__init__.py" and len(below.parts) > 1):
            yield below


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when something differs")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh = Path(folder) / "archgen"
        wanted, present = set(generated(fresh)), set(generated(PACKAGE))
        different = [
            name
            for name in sorted(wanted | present)
            if name not in wanted or name not in present or not filecmp.cmp(fresh / name, PACKAGE / name, shallow=False)
        ]
        for name in different:
            print(f"{name} {'differs from' if check else 'is written again from'} proto/")
            if check:
                continue
            if name not in wanted:
                (PACKAGE / name).unlink()
                continue
            (PACKAGE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(fresh / name, PACKAGE / name)
    return 1 if check and different else 0


if __name__ == "__main__":
    sys.exit(main())
