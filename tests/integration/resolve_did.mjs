// Resolves one DID with the public did:ethr resolver: node resolve_did.mjs <did> <rpc url> <registry> <chain id>
import { Resolver } from 'did-resolver'
import { getResolver } from 'ethr-did-resolver'

const [did, rpcUrl, registry, chainId] = process.argv.slice(2)
const networks = [{ chainId: BigInt(chainId), rpcUrl, registry }]
const result = await new Resolver(getResolver({ networks })).resolve(did)
console.log(JSON.stringify(result))
process.exit(0) // the resolver's provider keeps its connection open
