import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'

/** The app loads its own scripts only, compiles wasm, and may talk to relays, model hosts and other tabs anywhere. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self' data: blob: http: https: ws: wss:",
  "img-src 'self' data: blob:",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

const YEAR_S = 31_536_000

const SECURITY = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

/** Vite names what is in `assets/` by a hash of its bytes: whoever has it never asks again. The rest is asked about each time. */
const cacheOf = (path: string) => (path.startsWith('/assets/') ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')

/** Serves a built app from a folder, and answers 404 for what is not in it. */
export function serveApp(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  return sirv(folder, {
    // Files are looked up when they are asked for: a folder that is built anew meanwhile is served anew, and breaks nothing.
    dev: true,
    etag: true,
    setHeaders(response, path) {
      for (const [name, value] of Object.entries(SECURITY)) response.setHeader(name, value)
      response.setHeader('cache-control', cacheOf(path))
      if (path.endsWith('.onnx')) response.setHeader('content-type', 'application/octet-stream')
    },
    onNoMatch(_request, response) {
      response
        .writeHead(404, { 'content-type': 'text/plain; charset=utf-8', ...SECURITY })
        .end('There is nothing here.\n')
    },
  })
}
