"""Runs the kernels of `tests/bench` under Numba, and says how long they took and what they gave.

Reads requests from stdin, one JSON object a line, and answers each with one JSON object a line on stdout:

    {"load": "/…/bench/dot.py", "size": null, "cache": false}   {"import": 0.4, "versions": "…"}  CPU time to import Numba
    {"call": 3}                                                 {"times": [0.004, …]}             and of each call, in seconds
    {"answer": true}                                            {"answer": {"float": "0x1.8p+1"}} what the last call gave

The first call after `load` compiles. `cache` keeps the machine code on the disk, where `NUMBA_CACHE_DIR` says.
"""

import functools
import importlib.util
import json
import os
import platform
import sys
import time


def encode(value):
    """What `value` is, to the last bit."""
    import numpy

    if isinstance(value, tuple):
        return {"tuple": [encode(item) for item in value]}
    if isinstance(value, (bool, numpy.bool_)):
        return {"bool": bool(value)}
    if isinstance(value, (int, numpy.integer)):
        return {"int": int(value)}
    if isinstance(value, (float, numpy.floating)):
        return {"float": numpy.float64(value).tobytes().hex()}
    if isinstance(value, numpy.ndarray):
        return {"array": {"dtype": value.dtype.name, "shape": value.shape, "bytes": value.tobytes().hex()}}
    raise TypeError(f"kernels give no {type(value)}")


def load(path, size, cache):
    begun = time.thread_time()
    import numba
    import numpy

    seconds = time.thread_time() - begun
    if cache:
        numba.njit = functools.partial(numba.njit, cache=True)
    name = os.path.basename(path).removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    arguments = module.setup() if size is None else module.setup(size)
    versions = f"Python {platform.python_version()}, NumPy {numpy.__version__}, Numba {numba.__version__}"
    return functools.partial(getattr(module, name), *arguments), {"import": seconds, "versions": versions}


def main():
    kernel = result = None
    for line in sys.stdin:
        request = json.loads(line)
        if "load" in request:
            kernel, answer = load(request["load"], request["size"], request["cache"])
        elif "call" in request:
            times = []
            for _ in range(request["call"]):
                begun = time.thread_time()
                result = kernel()
                times.append(time.thread_time() - begun)
            answer = {"times": times}
        else:
            answer = {"answer": encode(result)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
