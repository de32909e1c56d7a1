// Stops a command early, in words, when the pinned Node is not the one that runs.
// Plain JavaScript on purpose: an older Node dies on the first typed line of anything else here.
const wanted = 24
const running = Number(process.versions.node.split('.')[0])
if (running < wanted) {
  process.stderr.write(
    `greenprint needs Node ${wanted} (Lambda's nodejs24.x); this is ${process.version}.\n` +
      'The "node" package among the devDependencies brings it, by its install script.\n' +
      'Run `npm ci` with install scripts allowed (no --ignore-scripts, no --omit=dev), or install Node 24.\n',
  )
  process.exit(1)
}
