// Settings of this stage: variables of the shell that runs the deployment, or of its .env files.

/** One setting; empty counts as unset. */
export function setting(name: string): string | undefined {
  return process.env[name] || undefined
}

/** Entries separated by commas or whitespace. */
export function listed(name: string): string[] {
  return (
    setting(name)
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? []
  )
}
