// Has a process tell on stderr which modules of Node it has loaded, whenever it is sent SIGUSR2.
// Loaded with --require, before anything else.
'use strict'

process.on('SIGUSR2', () => {
  process.stderr.write(`LOADED ${JSON.stringify(process.moduleLoadList)}\n`)
})
