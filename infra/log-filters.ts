// Failures that only the log tells, as CloudWatch finds them in its lines:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

/** By the name of the metric that counts them. Tests hold each against the line that its failure writes. */
export const logFilters = {
  /** A job that has ended without a result, whoever's fault that is. */
  JobsFailed: {
    in: 'Worker',
    pattern: '{ ($.event = "job") && (($.outcome = "failed") || ($.outcome = "given up")) }',
  },
  /** A sweep that found more scenes than one sweep reads: the next one looks at another time. */
  SweepsBehind: {
    in: 'Schedule',
    pattern: '{ ($.event = "schedule") && ($.more IS TRUE) }',
  },
} as const
