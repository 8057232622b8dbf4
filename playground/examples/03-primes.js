// `gaps` of the example beside it, as one would write it in JavaScript.

function sieve(limit) {
  const isPrime = new Uint8Array(limit + 1).fill(1, 2), found = [];
  for (let n = 2; n * n <= limit; n++) {
    if (isPrime[n]) for (let multiple = n * n; multiple <= limit; multiple += n) isPrime[multiple] = 0;
  }
  for (let n = 2; n <= limit; n++) if (isPrime[n]) found.push(n);
  return found;
}

export function gaps(limit) {
  const primes = sieve(Number(limit));
  return primes.slice(1).map((prime, at) => prime - primes[at]);
}
