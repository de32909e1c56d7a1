// Three thousand damaged TIFFs, always the same; `npm run test:fuzz` has many more.

import { testDamaged } from '../../harness/damaged-tiffs.ts'

testDamaged(3000, 1)
