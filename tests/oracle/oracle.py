"""The oracle: runs programs under CPython with NumPy and Numba and says what they print.

Reads requests from stdin, one JSON object a line, and answers each with one JSON object a line on stdout:

    {"files": {"main.py": "print(1)"}, "numba": true, "int64": false}
    {"stdout": "1\n", "traceback": ""}

`numba: false` switches the decorators off. `int64: true` makes an `int` that leaves 64 bits raise OverflowError, the
way Kukri documents it. Every program runs in a process of its own, forked after the imports that take long.
"""

import ast
import json
import operator
import os
import signal
import sys
import tempfile
import traceback
import warnings

import numba
import numpy  # noqa: F401 - loaded once, before the forks

SECONDS = 60

INPLACE = {
    ast.Add: "iadd",
    ast.Sub: "isub",
    ast.Mult: "imul",
    ast.Div: "itruediv",
    ast.FloorDiv: "ifloordiv",
    ast.Mod: "imod",
    ast.Pow: "ipow",
    ast.MatMult: "imatmul",
    ast.BitAnd: "iand",
    ast.BitOr: "ior",
    ast.BitXor: "ixor",
    ast.LShift: "ilshift",
    ast.RShift: "irshift",
}


class Int64(ast.NodeTransformer):
    """Wraps whatever can make a large int into a check of its range."""

    def check(self, node):
        self.generic_visit(node)
        call = ast.Call(func=ast.Name(id="__int64__", ctx=ast.Load()), args=[node], keywords=[])
        return ast.copy_location(call, node)

    visit_BinOp = check
    visit_UnaryOp = check
    visit_Call = check

    def visit_MatchValue(self, node):
        # A pattern is no expression: `case -5` holds no call.
        return node

    def visit_FunctionDef(self, node):
        # Numba's machine integers wrap, and it would not know the check.
        if not node.decorator_list:
            self.generic_visit(node)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if isinstance(node.target, ast.Name):
            # `+=` changes a list in place, so it stays what it is.
            inplace = ast.Attribute(value=ast.Name(id="__inplace__", ctx=ast.Load()), attr=INPLACE[type(node.op)], ctx=ast.Load())
            load = ast.Name(id=node.target.id, ctx=ast.Load())
            change = ast.Call(func=inplace, args=[load, node.value], keywords=[])
            value = ast.Call(func=ast.Name(id="__int64__", ctx=ast.Load()), args=[change], keywords=[])
            return ast.copy_location(ast.Assign(targets=[node.target], value=value), node)
        return node


def int64(value):
    if type(value) is int and not -(2**63) <= value < 2**63:
        raise OverflowError("int is outside 64 bits")
    return value


def run(request, out):
    """Runs one program in this (forked) process and writes the answer to the file `out`."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    for name, text in request["files"].items():
        os.makedirs(os.path.dirname(os.path.abspath(name)), exist_ok=True)
        with open(name, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    printed = os.open("stdout", os.O_CREAT | os.O_RDWR)
    os.dup2(printed, 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", newline="\n", closefd=False)
    sys.path.insert(0, folder)
    warnings.simplefilter("ignore")
    if not request["numba"]:
        numba.config.DISABLE_JIT = 1
    trace = ""
    try:
        tree = ast.parse(request["files"]["main.py"], "main.py")
        if request["int64"]:
            tree = ast.fix_missing_locations(Int64().visit(tree))
        main = {"__name__": "__main__", "__int64__": int64, "__inplace__": operator, "reveal_type": lambda value: value}
        exec(compile(tree, "main.py", "exec"), main)
    except BaseException as error:  # noqa: BLE001 - whatever leaves the program is the answer
        own = error.__traceback__.tb_next
        trace = "".join(traceback.format_exception(type(error), error, own))
        trace = trace.replace(folder + os.sep, "")
    sys.stdout.flush()
    with open("stdout", encoding="utf-8", newline="") as file:
        text = file.read()
    with os.fdopen(out, "w", encoding="utf-8") as file:
        json.dump({"stdout": text, "traceback": trace}, file)


def main():
    # Compiled once here, so that forks need not start it.
    numba.njit(lambda x: x + 1)(1)
    for line in sys.stdin:
        request = json.loads(line)
        back, out = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            os.close(back)
            run(request, out)
            os._exit(0)
        os.close(out)
        with os.fdopen(back, encoding="utf-8") as file:
            answer = file.read()
        os.waitpid(child, 0)
        if not answer:
            answer = json.dumps({"stdout": "", "traceback": f"the oracle died, or needed more than {SECONDS} s"})
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


main()
