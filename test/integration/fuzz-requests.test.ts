// A thousand spoiled requests; `npm run test:fuzz` has twenty thousand.

import { fuzzRequests } from '../harness/spoiled-requests.ts'

fuzzRequests(1_000, 20_261_122)
