/** Milliseconds after which a shutdown that hangs is cut short. */
const SHUTDOWN_LIMIT_MS = 2000

/** Runs until SIGINT or SIGTERM, then closes what was opened and ends the process; a second signal ends it at once. */
export function untilStopped(close: () => Promise<unknown>): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT_MS).unref()
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

/** Says in a sentence why a server could not start, and ends the process with status 1. `option` is where its port is chosen. */
export function failToStart(error: unknown, port: number, option = '--port'): never {
  const message = error instanceof Error ? error.message : String(error)
  // the libraries report what the system said inside a longer text, or in their own words
  if (message.includes('EADDRINUSE'))
    fail(`Port ${port} is taken: stop what uses it, or choose another with ${option}.`)
  if (message.includes('ICE UDP mux')) fail(`UDP port ${port} is taken, which webrtc-direct needs: choose another.`)
  if (message.includes('EACCES'))
    fail(`Port ${port} needs more rights than you have: choose one from 1024 up with ${option}.`)
  if (message.includes('EADDRNOTAVAIL'))
    fail(`This machine has no such address: choose another with ${option.replace('port', 'host')}.`)
  return fail(message)
}

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
