// What a process that a test starts has of this one's environment: nothing that could change what it does.

const { PATH, NODE_COMPILE_CACHE } = process.env

/** Where programs are, and what is compiled already: to compile it again is most of a start. */
export const childEnvironment = {
  PATH,
  ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
} as const
