// Twenty thousand spoiled requests: bodies, queries, headers, paths, items, pages of searches.

import { fuzzRequests } from '../harness/spoiled-requests.ts'

fuzzRequests(20_000, 20_261_126)
