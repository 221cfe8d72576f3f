import type { Band, Measure } from '../../domain/authority/report-shape.ts'

/** Numbers of the Authority page, as text. Every sign and space is one that a screen reader reads. */

type Unit = Measure['unit']

/** Share under which a whole percentage would say none or all. */
const NEAR_END = 0.01

/** A share of one, in per cent: `38 %`, `0.4 %`, `99.6 %`. The sign stays on the line of its number. */
export function share(value: number): string {
  const near = (value > 0 && value < NEAR_END) || (value < 1 && value > 1 - NEAR_END)
  return `${(value * 100).toFixed(near ? 1 : 0)}\u00A0%`
}

/** A correlation, always with its sign: `+0.62`, `−0.08`. */
export function correlation(value: number): string {
  const text = Math.abs(value).toFixed(2)
  return text === '0.00' ? '0' : `${value < 0 ? '−' : '+'}${text}`
}

/** A number of peers that need not be whole: `4.2`, `14`. */
export const amount = (value: number): string =>
  Number.isInteger(value)
    ? value.toLocaleString('en')
    : value >= 100
      ? Math.round(value).toLocaleString('en')
      : value.toFixed(1)

export function figure(value: number, unit: Unit): string {
  switch (unit) {
    case 'of':
      return amount(value)
    case 'share':
      return share(value)
    case 'rho':
      return correlation(value)
    default:
      return unit satisfies never
  }
}

/** `3.1 to 5.4`. */
export const band = ({ low, high }: Band, unit: Unit): string => `${figure(low, unit)} to ${figure(high, unit)}`

/** How likely under chance: `p 0.03`, `p under 0.001`. */
export const likely = (p: number): string => (p < 0.001 ? 'p under 0.001' : `p ${p.toFixed(p < 0.1 ? 3 : 2)}`)

/** How many of what, given its plural: `one decision`, `1,204 decisions`. */
export const counted = (n: number, what: string): string =>
  n === 1 ? `one ${what.replace(/ies$/, 'y').replace(/s$/, '')}` : `${n.toLocaleString('en')} ${what}`

/** A hash, so much of it that two are told apart: `ab12cd34…ef`. */
export const shortHash = (hash: string): string => (hash.length <= 14 ? hash : `${hash.slice(0, 8)}…${hash.slice(-4)}`)
