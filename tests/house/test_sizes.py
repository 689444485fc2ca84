"""Sizes are held: small modules, small functions, an `__init__` without logic. An exception needs its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "src" / "presis"
MODULE, FUNCTION, INIT, ARGUMENTS = 400, 50, 40, 7

#: What is larger than allowed, and why. A number here may only fall.
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "diagnostics/biomarkers.py:_gene_term": (60, "one case for each word of the vocabulary"),
}


def modules() -> Iterator[Path]:
    yield from sorted(ROOT.rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_modules_stay_small() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {key: size for key, size in sizes.items() if size > EXCEPTIONS.get(key, (MODULE,))[0]} == {}


def test_functions_stay_small() -> None:
    sizes = {
        f"{name(path)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in modules()
        for function in functions(path)
    }
    assert {key: size for key, size in sizes.items() if size > EXCEPTIONS.get(key, (FUNCTION,))[0]} == {}


def test_functions_take_few_arguments() -> None:
    """Commands of the command line are left out: their parameters are a person's options."""
    counts = {
        f"{name(path)}:{function.name}": len(
            function.args.args + function.args.kwonlyargs + function.args.posonlyargs
        )
        - (function.args.args[:1] != [] and function.args.args[0].arg in {"self", "cls"})
        for path in modules()
        if path.parent.name != "cli"
        for function in functions(path)
    }
    assert {key: count for key, count in counts.items() if count > EXCEPTIONS.get(key, (ARGUMENTS,))[0]} == {}


def test_an_init_names_and_holds_no_logic() -> None:
    for path in modules():
        if path.name != "__init__.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert len(path.read_text(encoding="utf-8").splitlines()) <= INIT, name(path)
        allowed = (ast.Import, ast.ImportFrom, ast.Expr, ast.Assign, ast.AnnAssign, ast.If)
        assert all(isinstance(node, allowed) for node in tree.body), name(path)


def test_every_exception_is_still_needed() -> None:
    known = {name(path) for path in modules()}
    known |= {f"{name(path)}:{function.name}" for path in modules() for function in functions(path)}
    assert set(EXCEPTIONS) <= known
