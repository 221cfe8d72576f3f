import erfc from '@stdlib/math-base-special-erfc'
import exp from '@stdlib/math-base-special-exp'
import ln from '@stdlib/math-base-special-ln'

/**
 * Natural logarithm, exponential and complementary error function, the same bits in every engine: FreeBSD's msun in
 * plain JavaScript, from sums, products and quotients alone. Each is within a unit in the last place of the exact
 * value. `Math.log` and its like are whatever an engine makes of them. Everything in `src/domain` that needs them
 * imports them from here.
 */
export { erfc, exp, ln }
