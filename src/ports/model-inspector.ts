import type { Manifest } from '../domain/manifest.ts'

/**
 * Reads an ONNX file without running it and describes it. Rejects with `MODEL_NOT_ONNX`, `MODEL_REFUSED` or `TOO_LARGE`.
 * Equal bytes under an equal name give an equal manifest.
 */
export type DescribeModel = (name: string, bytes: Uint8Array, options?: { signal?: AbortSignal }) => Promise<Manifest>
