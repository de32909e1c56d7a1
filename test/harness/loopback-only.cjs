// Cuts a process off from everything but this machine: a connection elsewhere fails, and is named on stderr.
// Loaded with --require, before anything else.
'use strict'

const dns = require('node:dns')
const net = require('node:net')

const loopback = /^(127\.|::1$|localhost$)/

function refuse(host) {
  process.stderr.write(`LEFT THE MACHINE: ${host}\n`)
  return Object.assign(new Error(`no network here: ${host}`), { code: 'ENETUNREACH' })
}

// oxlint-disable-next-line typescript/unbound-method -- it is called with its socket
const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const host =
    typeof first === 'object' && first !== null ? (first.host ?? 'localhost') : 'localhost'
  if (first?.path === undefined && !loopback.test(host)) {
    process.nextTick(() => this.destroy(refuse(host)))
    return this
  }
  return connect.apply(this, args)
}

const { lookup } = dns
dns.lookup = (host, ...rest) => {
  if (loopback.test(host)) return lookup(host, ...rest)
  process.nextTick(() => rest.at(-1)(refuse(host)))
  return {}
}
