import type { Bench } from './figure.ts'
import { juryOfEleven } from './jury-of-eleven.ts'
import { juryOfThree } from './jury-of-three.ts'

/** A quality contest goes before a jury whose members answer at once: how long until everybody holds the ruling. */
export const bench: Bench = async () => [await juryOfThree(), ...(await juryOfEleven())]
