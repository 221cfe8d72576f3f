// Runs on any Node, however old, before a script that needs the one pinned in package.json.
var NEEDED = 24
var major = Number(process.versions.node.split('.')[0])

if (major < NEEDED) {
  console.error(
    'Moot needs Node ' +
      NEEDED +
      ' or newer and this is Node ' +
      process.versions.node +
      ": run 'npm ci' with install scripts allowed, which puts one beside the project, or install Node " +
      NEEDED +
      '.',
  )
  process.exit(1)
}
