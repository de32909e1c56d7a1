// How long an address may be that is fetched: signed ones are long, longer ones no server takes.

/** In letters. */
export const MOST_ADDRESS = 8192
