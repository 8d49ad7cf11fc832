// How fast this core is right now, without any of our code: a result is only worth what this says beside it.
import { createHash, generateKeyPairSync, sign } from 'node:crypto'

const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
/** As long as the part of our token that is signed. */
const input = Buffer.alloc(450, 'x')

const es256 = () => sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
const sha256 = () => createHash('sha256').update(input).digest()

function perSecond(work: () => void, ms: number): number {
  const begin = performance.now()
  let done = 0
  while (performance.now() - begin < ms) {
    for (let index = 0; index < 50; index += 1) work()
    done += 50
  }
  return Math.round((done * 1000) / (performance.now() - begin))
}

for (const work of [es256, sha256]) perSecond(work, 300)
process.stdout.write(
  JSON.stringify({ es256PerSecond: perSecond(es256, 700), sha256PerSecond: perSecond(sha256, 300) }),
)
