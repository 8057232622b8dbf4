# The module `time`: one clock, the host's.


@inline
def time_time() -> float:
    return host_time()


@inline
def time_perf_counter() -> float:
    return host_time()


@inline
def time_monotonic() -> float:
    return host_time()


@inline
def time_process_time() -> float:
    return host_time()


def time_time_ns() -> int:
    return i64_trunc_sat_f64_s(host_time() * 1000000.0) * 1000


def time_perf_counter_ns() -> int:
    return time_time_ns()


def time_sleep(seconds: float) -> None:
    if seconds < 0.0:
        raise ValueError("sleep length must be non-negative")
    end = host_time() + seconds
    while host_time() < end:
        pass
