/** n over k, exactly. */
export function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n
  let ways = 1n
  for (let i = 1; i <= k; i++) ways = (ways * BigInt(n - k + i)) / BigInt(i)
  return ways
}

/** The quotient to 25 decimals, as the nearest double. */
export const ratio = (over: bigint, under: bigint): number => Number(`${(over * 10n ** 25n) / under}e-25`)
