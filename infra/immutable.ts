// What CloudFront runs on its way back to who asked, of successes alone: files under a root never change.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/writing-function-code.html

/** In CloudFront's own JavaScript. */
export const markImmutable = `function handler(event) {
  const response = event.response
  response.headers['cache-control'] = { value: 'public, max-age=31536000, immutable' }
  return response
}
`
