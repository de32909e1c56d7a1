// A function of what an NDVI with its figure cannot do without, and of nothing else: zod checks what is asked, sharp
// draws a page, and S3 keeps it.

import { hash } from 'node:crypto'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import sharp from 'sharp'
import * as z from 'zod'

const asked = z.object({ width: z.int().positive(), height: z.int().positive() })

export async function handler({ body }: { readonly body: string }) {
  const { width, height } = asked.parse(JSON.parse(body))
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`
  const page = await sharp(Buffer.from(svg)).flatten({ background: WHITE }).png().toBuffer()
  const command = new PutObjectCommand({
    Bucket: process.env['S3_BUCKET'],
    Key: 'page.png',
    Body: page,
    ChecksumAlgorithm: 'SHA256',
    ChecksumSHA256: hash('sha256', page, 'base64'),
  })
  await new S3Client().send(command)
  return { statusCode: 200, body: page.toString('base64'), isBase64Encoded: true }
}

const WHITE = { r: 255, g: 255, b: 255 }
