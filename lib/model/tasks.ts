// What is done with a scene that an event brings.

export const tasks = ['fingerprint', 'ndvi'] as const

/** `ndvi` alone is of scenes whose CIDs are known: it reads no file whole. */
export type Task = (typeof tasks)[number]
