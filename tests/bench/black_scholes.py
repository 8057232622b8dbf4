"""Prices of European options (Black and Scholes), with the error function.

tiny: 7
tolerance: 1e-13: each library's exp, log and erf are within 1 ulp of the exact value, not equal
"""

import math

import numpy as np
from numba import njit


def setup(n: int = 100_000):
    spot = 50.0 + np.arange(n) * 7919 % 10007 / 100.0
    strike = 60.0 + np.arange(n) * 104729 % 10009 / 200.0
    years = 0.25 + np.arange(n) % 97 / 40.0
    return spot, strike, years, 0.03, 0.25


@njit
def black_scholes(spot, strike, years, rate, volatility):
    calls = np.empty_like(spot)
    puts = np.empty_like(spot)
    for i in range(spot.shape[0]):
        deviation = volatility * math.sqrt(years[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * volatility * volatility) * years[i]) / deviation
        d2 = d1 - deviation
        discounted = strike[i] * math.exp(-rate * years[i])
        n1 = 0.5 + 0.5 * math.erf(d1 / math.sqrt(2.0))
        n2 = 0.5 + 0.5 * math.erf(d2 / math.sqrt(2.0))
        calls[i] = spot[i] * n1 - discounted * n2
        puts[i] = calls[i] - spot[i] + discounted
    return calls, puts
