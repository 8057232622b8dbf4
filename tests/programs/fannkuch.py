"""Flipping pancakes: every permutation of n numbers (a task of the Benchmarks Game)."""


def fannkuch(n: int) -> tuple[int, int]:
    permutation = list(range(n))
    count = [0] * n
    most = 0
    checksum = 0
    round_number = 0
    r = n
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        if permutation[0] != 0:
            flipped = permutation[:]
            flips = 0
            while (k := flipped[0]) != 0:
                flipped[:k + 1] = flipped[k::-1]
                flips += 1
            most = max(most, flips)
            checksum += flips if round_number % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, most
            permutation[:r + 1] = permutation[1:r + 1] + permutation[:1]
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        round_number += 1


n = 8
checksum, flips = fannkuch(n)
print(f"{checksum}\nPfannkuchen({n}) = {flips}")
