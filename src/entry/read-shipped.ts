import { readFile } from 'node:fs/promises'

/** Bytes of a file that the app ships, from the project's `public` folder: what `readFromSite` is to a tab. */
export const readShipped = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await readFile(new URL(`../../public/${path}`, import.meta.url)))
