// Failures that only the log tells, as CloudWatch finds them in its lines:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

/** By the name of the metric that counts them. Tests hold each against the line that its failure writes. */
export const logFilters = {
  /** A job that has ended without a result, whoever's fault that is. */
  JobsFailed: {
    in: 'Worker',
    pattern: '{ ($.event = "job") && (($.outcome = "failed") || ($.outcome = "given up")) }',
  },
  /** The third sweep in a row that left scenes to the next: it does not catch up. */
  SweepsBehind: {
    in: 'Schedule',
    pattern: '{ ($.event = "schedule") && ($.falls_behind IS TRUE) }',
  },
} as const
