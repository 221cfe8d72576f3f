import { FP32_RULE } from '../../domain/agreement.ts'
import { runFiles, sizeOf, type Manifest, type ValueInfo } from '../../domain/manifest.ts'
import { nicknameOf } from '../../domain/nickname.ts'
import type { PeerId } from '../../domain/peer-id.ts'
import type { DeviceView, ModelSummary, Transfer } from '../../peer/view.ts'
import { byteSize, cut, listed, percent, plain } from '../words.ts'

/** The words for everything that the app says of a model. Pure: a model in, text out. */

/** The ends of a key: every one begins alike. Enough to tell two of one name apart; the whole is a title away. */
export const shortKey = (peer: PeerId): string => `${peer.slice(8, 12)}…${peer.slice(-4)}`

/** Name and version, at most so long. */
export const titleOf = ({ name, version }: Pick<Manifest, 'name' | 'version'>): string =>
  `${cut(name, 48)} ${cut(version, 16)}`

/** Bytes of what a tab needs to run it. */
export const runSize = (manifest: Manifest): number => sizeOf(runFiles(manifest))

export const holdersWords = ({ holders, cached }: Pick<ModelSummary, 'holders' | 'cached'>): string => {
  if (holders.length === 0) return cached ? 'held by this tab alone' : 'held by nobody here'
  return `held by ${holders.length === 1 ? 'one other tab' : `${holders.length} other tabs`}`
}

/** What of it is on this device: `kept here`, `coming: 41 %, 12 s left`. */
export function cacheWords({
  cached,
  inMemory,
  transfer,
}: Pick<ModelSummary, 'cached' | 'inMemory' | 'transfer'>): string {
  if (transfer) return `coming: ${[shareWords(transfer), leftWords(transfer)].filter(Boolean).join(', ')}`
  if (!cached) return 'not here'
  return inMemory ? 'in memory only' : 'kept here'
}

/** Bytes that came, of how many, how long yet and from whom. */
export function transferWords(transfer: Transfer): string {
  const { bytes, total, from = [] } = transfer
  const size =
    total === undefined ? byteSize(bytes) : `${byteSize(bytes)} of ${byteSize(total)} (${shareWords(transfer)})`
  const source = from.length === 0 ? '' : `from ${listed(from.slice(0, SOURCES_NAMED).map(nicknameOf))}`
  return [size, leftWords(transfer), source].filter(Boolean).join(', ')
}

/** Peers named in a line. */
const SOURCES_NAMED = 3

/** How much of the bytes came, 0..1; undefined where nobody knows how many there are. */
export const fractionOf = ({ bytes, total }: Transfer): number | undefined =>
  total === undefined || total === 0 ? undefined : Math.min(1, bytes / total)

const shareWords = (transfer: Transfer): string => {
  const share = fractionOf(transfer)
  return share === undefined ? byteSize(transfer.bytes) : percent(share)
}

function leftWords({ secondsLeft }: Transfer): string {
  if (secondsLeft === undefined) return ''
  const seconds = Math.ceil(secondsLeft)
  if (seconds < 90) return `${seconds} s left`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min left` : `${Math.round(minutes / 60)} h left`
}

const ARITHMETIC: Readonly<Record<Manifest['arithmetic'], string>> = {
  fp32: '32-bit floating point',
  fp16: '16-bit floating point',
  integer: 'whole numbers',
  qdq: 'quantised, computed in floating point',
}

/** How its numbers are computed. */
export const arithmeticWords = ({ arithmetic }: Pick<Manifest, 'arithmetic'>): string => ARITHMETIC[arithmetic]

/** When two answers of it agree. */
export function ruleWords({ arithmetic, tolerance }: Pick<Manifest, 'arithmetic' | 'tolerance'>): string {
  if (arithmetic === 'integer') return 'CPUs and GPUs: equal to the bit'
  const measured = tolerance && `measured on ${cut(tolerance.adapter, 60)} over ${tolerance.runs} runs`
  if (arithmetic === 'fp32') {
    const seen = tolerance
      ? `${plain(tolerance.seen.scaled)} at most, ${measured}`
      : 'the default; measured on no GPU yet'
    return `CPUs equal to the bit; GPUs within ${plain(FP32_RULE.scaled)} (${seen})`
  }
  return tolerance
    ? `CPUs equal to the bit; GPUs within ${plain(tolerance.scaled)}, ${measured}`
    : 'CPUs only: no tolerance known'
}

/** `image: float32, 1 × 3 × any × any`. */
export const valueWords = ({ dtype, dims }: ValueInfo): string =>
  `${dtype}, ${dims.map((dim) => dim ?? 'any').join(' × ') || 'one value'}`

/** A licence for a line where it stands alone. */
export const licenceWords = ({ licence }: Pick<Manifest, 'licence'>): string =>
  licence === 'unknown' ? 'licence unknown' : cut(licence, 24)

/** A count for people: `1.2 million`. */
export const countWords = (count: number): string =>
  count < 10_000
    ? count.toLocaleString('en')
    : new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 }).format(
        count,
      )

/** How much of what may be kept here is kept. */
export const storageWords = ({ cachedBytes, settings }: Pick<DeviceView, 'cachedBytes' | 'settings'>): string =>
  `${byteSize(cachedBytes)} of ${byteSize(settings.cacheBytes)} for models on this device`

/** What a storage that is full comes to; `undefined` where it is not. */
export function fullWords(models: readonly Pick<ModelSummary, 'inMemory'>[]): string | undefined {
  const count = models.filter(({ inMemory }) => inMemory).length
  if (count === 0) return undefined
  const run = count === 1 ? 'one model runs' : `${count} models run`
  return `This browser's storage is full: ${run} from memory, for as long as this tab is open. Delete what you don't need, or allow more under My device.`
}

/** Where a publisher's word may be read on: an address only where it is one of the web. */
export const webAddress = (source: string): string | undefined =>
  URL.canParse(source) && /^https?:$/.test(new URL(source).protocol) ? source : undefined
