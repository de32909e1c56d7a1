// Thirty thousand damaged TIFFs, others than those of the unit tests.

import { testDamaged } from '../harness/damaged-tiffs.ts'

testDamaged(30_000, 1_000_001)
