// The memory in which tiles are read and unpacked: one budget for all files that this process reads at a time.

import { ByteBudget } from '../async/byte-budget.ts'

/**
 * The largest tile that is read fits: 64 MiB packed, as much unpacked twice, while zlib joins it, and half as much of
 * samples. Whoever holds a claim of it reads and unpacks, and waits for no other claim.
 */
export const tileMemory = new ByteBudget(256 * 1024 * 1024)
