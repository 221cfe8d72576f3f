import '../ui/moot-app.ts'

/** The page before Join: the door alone. What makes a peer is loaded when a person presses Join, and not before. */
const app = document.querySelector('moot-app')
if (app) {
  app.join = async (options) => (await import('./join.ts')).join(options)
  app.readKey = async (...all) => (await import('./read-key.ts')).readKeyFile(...all)
  app.checkReceipt = async (file) => (await import('./check-receipt.ts')).checkReceiptFile(file)
}
