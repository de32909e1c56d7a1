// Stands in for rapid-client.node, the C++ part of AWS's runtime client, so that the rest of it runs uncompiled:
// three calls of the Runtime API, by node:http. Loaded with --require, before the client.
'use strict'

const { Agent, request } = require('node:http')
const Module = require('node:module')

const [host, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':')
const agent = new Agent({ keepAlive: true, maxSockets: 1 })

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      agent,
      method,
      path: `/2018-06-01/runtime/invocation/${path}`,
      headers,
    }
    const asked = request(options, (response) => {
      let bodyJson = ''
      response.setEncoding('utf8')
      response.on('data', (text) => {
        bodyJson += text
      })
      response.on('end', () => resolve({ bodyJson, headers: response.headers }))
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

// The original posts before it returns, so that `next` never overtakes an answer.
let posted = Promise.resolve()
function post(path, body) {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  posted = posted.then(() => call('POST', path, body, headers))
}

const client = {
  initializeClient() {},
  next: () => posted.then(() => call('GET', 'next')),
  done: (id, body) => post(`${id}/response`, body),
  error: (id, body) => post(`${id}/error`, body),
}

// oxlint-disable-next-line no-underscore-dangle -- Node has no other way in for a file that is not there
const { _load: load } = Module
// oxlint-disable-next-line no-underscore-dangle
Module._load = (name, ...rest) =>
  name.endsWith('rapid-client.node') ? client : load(name, ...rest)
