// npm hands a signal to the shell that it put between itself and this process, and some shells (dash) end without handing
// it on. A process that npm started therefore ends, as if asked to, when that shell is gone.
var threads = require('worker_threads')

/** Milliseconds: within a blink of an eye for who waits for the port, and nothing for the processor. */
var LOOK_EVERY = 250

var shell = process.ppid

if (process.env.npm_lifecycle_event && threads.isMainThread) {
  var looking = setInterval(function () {
    if (process.ppid === shell) return
    clearInterval(looking)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY)
  looking.unref()
}
