// Spoils valid requests at random places, the same ones for the same seed.

import type { Json, JsonObject } from '../../lib/model/json.ts'
import type { Random } from './random.ts'

const ring = [
  [0, 0],
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
] as const

/** What people, programs and attackers put where something else belongs. */
const junk: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => 5e-324,
  () => 2 ** 53,
  () => -0.5,
  () => '',
  () => 'NaN',
  () => '\u0000',
  () => '\ud800',
  () => 'x\udfffy',
  () => '\u202e\ufeff😀é',
  () => '../../etc/passwd',
  () => '%00%ff%zz',
  () => 'x'.repeat(20_000),
  () => '9'.repeat(400),
  () => [],
  () => ({}),
  () => [[[[[[]]]]]],
  () => nested(60),
  () => nested(3_000),
  () => Array.from({ length: 3_000 }, (_, index) => index),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  () => ({ toString: 'x', valueOf: 1, length: -1, hasOwnProperty: null }),
  () => 'https://127.0.0.1:9/item.json',
  () => 'http://localhost/',
  () => 'https://[::ffff:169.254.169.254]/latest/meta-data',
  () => 'file:///etc/passwd',
  () => 'ipfs://bafkqabtimvwgy3yk',
  () => 'ipfs://QmbKLKvsGEiuYx46A2RAPKvY4J1zYnpTHVDmsgagyM9ULZ/\ud800/..',
  () => 'ipfs://bafybeidlr3iiej7xs3qjnojwkb3akwyp5ftofr5wvsihrckkfewsr7624a/%ed%a0%80',
  () => ({ type: 'Polygon', coordinates: [ring.map((position) => [...position])] }),
  () => ({ type: 'MultiPolygon', coordinates: [[ring.map(() => [0, 0])]] }),
  () => ({
    type: 'GeometryCollection',
    geometries: [{ type: 'GeometryCollection', geometries: [] }],
  }),
  () => ({ type: 'Polygon', coordinates: nested(40) }),
  () => [180, 90, -180, -90],
  () => [-44.2, -20.2, -44.1, -20.1],
  () => [1e-300, 1e-300, 2e-300, 2e-300],
]

function nested(depth: number): Json {
  let value: Json = []
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

const oddKeys = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'type',
  'item',
  '\ud800',
  'alternate',
  'then',
]

/** A copy with one to four places spoiled. */
export function spoil(value: JsonObject, chance: Random): JsonObject {
  const copy: JsonObject = structuredClone(value)
  for (let left = 1 + chance.whole(0, 4 - 1); left > 0; left--) spoilOnce(copy, chance)
  return copy
}

function spoilOnce(holder: object, chance: Random): void {
  const keys = Object.keys(holder)
  if (keys.length === 0) return
  const key = chance.pick(keys)
  const inner: Json = Reflect.get(holder, key)
  if (typeof inner === 'object' && inner !== null && chance.unit() < 0.75) {
    spoilOnce(inner, chance)
    return
  }
  const fate = chance.unit()
  if (fate < 0.15) Reflect.deleteProperty(holder, key)
  else if (fate < 0.3) define(holder, chance.pick(oddKeys), inner)
  else define(holder, key, chance.pick(junk)())
}

/** As JSON.parse does it: `__proto__` is a key like any other. */
function define(holder: object, key: string, value: Json): void {
  Object.defineProperty(holder, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  })
}

/** The text of a body, now and then no longer JSON. */
export function spoilText(text: string, chance: Random): string {
  const at = chance.whole(0, text.length - 1)
  const fate = chance.unit()
  if (fate < 0.88) return text
  if (fate < 0.91) return text.slice(0, at)
  if (fate < 0.94)
    return (
      text.slice(0, at) + chance.pick(['"', '{', '\u0000', ',', '\ud800', ' ']) + text.slice(at)
    )
  if (fate < 0.97)
    return text.replace(
      /-?\d+(\.\d+)?/,
      chance.pick(['1e999', '-1e999', 'NaN', 'Infinity', '0x10', '1e-999']),
    )
  return chance.pick([
    '',
    'null',
    '[]',
    '"x"',
    '1',
    '{}',
    '['.repeat(100_000),
    '{"a":'.repeat(50_000),
  ])
}
